#include "tools/winnow-eval/seen_items.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

const holdout last_item;

holdout shares(double valid, double test) {
  return {holdout::kind::ratio, valid, test};
}

training_record trained(const std::string& split) {
  return {split, 7, 0.0, 1.0};
}

/// The only reason; empty if there is none.
std::string reason(const std::vector<std::string>& why) {
  BOOST_CHECK_LE(why.size(), 1u);
  return why.empty() ? "" : why.front();
}

} // namespace

BOOST_AUTO_TEST_SUITE(seen_items)

BOOST_AUTO_TEST_CASE(what_the_trainer_held_back_was_not_seen) {
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), last_item, 7, true, 0)), "");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("ratio:0.1,0.4"), shares(0.1, 0.4), 7, false, 0)), "");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("ratio:0.1,0.4"), shares(0.3, 0.2), 7, false, 0)), ""); // a part
  BOOST_CHECK_EQUAL(reason(why_seen_in_split(trained("given"), 0)), "");
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay({"leave_one_out", 7, 0.0, 0.6}, 0.6, 0)), "");
}

BOOST_AUTO_TEST_CASE(models_that_say_nothing_are_not_suspected) {
  const training_record unknown;
  BOOST_CHECK_EQUAL(reason(why_seen(unknown, shares(0.1, 0.4), 7, false, 3)), "");
  BOOST_CHECK_EQUAL(reason(why_seen_in_split(unknown, 3)), "");
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay(unknown, 0.1, 3)), "");
}

BOOST_AUTO_TEST_CASE(other_held_back_items_were_seen) {
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), shares(0.1, 0.4), 7, true, 0)),
                    "trained with --holdout leave_one_out, measured with ratio:0.1,0.4");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("ratio:0.1,0.4"), shares(0.1, 0.5), 7, true, 0)),
                    "trained with --holdout ratio:0.1,0.4, measured with ratio:0.1,0.5");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("none"), last_item, 7, true, 0)),
                    "the models have seen all interactions");
  BOOST_CHECK_NE(reason(why_seen(trained("given"), last_item, 7, true, 0)), "");
  BOOST_CHECK_EQUAL(reason(why_seen_in_split(trained("leave_one_out"), 0)),
                    "trained with --holdout leave_one_out, not on a given split");
}

BOOST_AUTO_TEST_CASE(another_seed_draws_other_items_unless_there_are_times) {
  const auto record = trained("ratio:0.1,0.4");
  BOOST_CHECK_EQUAL(reason(why_seen(record, shares(0.1, 0.4), 8, false, 0)),
                    "trained with the seed 7, measured with --holdout-seed 8");
  BOOST_CHECK_EQUAL(reason(why_seen(record, shares(0.1, 0.4), 8, true, 0)), "");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), last_item, 8, false, 0)), "");
}

BOOST_AUTO_TEST_CASE(another_lowest_rating_gives_other_last_items) {
  const std::string wanted = "trained with --min-rating 0, measured with --least-rating 3.5";
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), last_item, 7, true, 3.5)), wanted);
  BOOST_CHECK_EQUAL(reason(why_seen_in_split(trained("given"), 3.5)), wanted);
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay({"leave_one_out", 7, 0.0, 0.6}, 0.6, 3.5)), wanted);
}

BOOST_AUTO_TEST_CASE(a_replay_of_what_was_trained_on_is_noticed) {
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay(trained("leave_one_out"), 0.6, 0)),
                    "trained on all interactions, without --until");
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay({"leave_one_out", 7, 0.0, 0.6}, 0.2, 0)),
                    "trained with --until 0.6, replayed from 0.2");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
