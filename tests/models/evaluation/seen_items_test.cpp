#include "models/evaluation/seen_items.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

const holdout last_item;

holdout shares(double valid, double test) {
  return {holdout::kind::ratio, valid, test};
}

training_record trained(const std::string& split) {
  return {split, 7, 0.0, 1.0, "file"};
}

/// Items of all interactions of a file with times, which are held back with the trainer's seed.
measured_items measured(const holdout& how) {
  return {how, 7, true, true, 0, 1, tie_order::file};
}

/// The same of a file in no order.
measured_items drawn(const holdout& how, std::uint64_t seed) {
  return {how, seed, false, false, 0, 1, tie_order::file};
}

/// The only reason; empty if there is none.
std::string reason(const std::vector<std::string>& why) {
  BOOST_CHECK_LE(why.size(), 1u);
  return why.empty() ? "" : why.front();
}

} // namespace

BOOST_AUTO_TEST_SUITE(seen_items)

BOOST_AUTO_TEST_CASE(what_the_trainer_held_back_was_not_seen) {
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), measured(last_item))), "");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("ratio:0.1,0.4"), drawn(shares(0.1, 0.4), 7))), "");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("ratio:0.1,0.4"), drawn(shares(0.3, 0.2), 7))), ""); // a part
  BOOST_CHECK_EQUAL(reason(why_seen_in_split(trained("given"), 0)), "");
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay({"leave_one_out", 7, 0.0, 0.6, "item"}, 0.6, 0)), "");
}

BOOST_AUTO_TEST_CASE(models_that_say_nothing_are_not_suspected) {
  const training_record unknown;
  const measured_items items{shares(0.1, 0.4), 7, false, true, 3, 0.5, tie_order::item};
  BOOST_CHECK_EQUAL(reason(why_seen(unknown, items)), "");
  BOOST_CHECK_EQUAL(reason(why_seen_in_split(unknown, 3)), "");
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay(unknown, 0.1, 3)), "");
}

BOOST_AUTO_TEST_CASE(other_held_back_items_were_seen) {
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), measured(shares(0.1, 0.4)))),
                    "trained with --holdout leave_one_out, measured with ratio:0.1,0.4");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("ratio:0.1,0.4"), measured(shares(0.1, 0.5)))),
                    "trained with --holdout ratio:0.1,0.4, measured with ratio:0.1,0.5");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("none"), measured(last_item))),
                    "the models have seen all interactions");
  BOOST_CHECK_NE(reason(why_seen(trained("given"), measured(last_item))), "");
  BOOST_CHECK_EQUAL(reason(why_seen_in_split(trained("leave_one_out"), 0)),
                    "trained with --holdout leave_one_out, not on a given split");
}

BOOST_AUTO_TEST_CASE(another_seed_draws_other_items_unless_there_are_times) {
  const auto record = trained("ratio:0.1,0.4");
  BOOST_CHECK_EQUAL(reason(why_seen(record, drawn(shares(0.1, 0.4), 8))),
                    "trained with the seed 7, measured with 8");
  auto ordered = measured(shares(0.1, 0.4));
  ordered.seed = 8;
  BOOST_CHECK_EQUAL(reason(why_seen(record, ordered)), "");
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), drawn(last_item, 8))), "");
}

BOOST_AUTO_TEST_CASE(another_lowest_rating_gives_other_last_items) {
  const std::string wanted = "trained with --min-rating 0, measured with 3.5";
  auto rated = measured(last_item);
  rated.least_rating = 3.5;
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), rated)), wanted);
  BOOST_CHECK_EQUAL(reason(why_seen_in_split(trained("given"), 3.5)), wanted);
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay({"leave_one_out", 7, 0.0, 0.6, "item"}, 0.6, 3.5)), wanted);
}

BOOST_AUTO_TEST_CASE(an_earlier_end_gives_items_that_were_trained_on) {
  const training_record early{"leave_one_out", 7, 0.0, 0.6, "file"};
  auto until = measured(last_item);
  until.until = 0.4;
  BOOST_CHECK_EQUAL(reason(why_seen(early, until)), "trained with --until 0.6, measured with 0.4");
  until.until = 0.6;
  BOOST_CHECK_EQUAL(reason(why_seen(early, until)), "");
  until.until = 1; // each user's last items are later ones, or the same
  BOOST_CHECK_EQUAL(reason(why_seen(early, until)), "");
}

BOOST_AUTO_TEST_CASE(another_order_of_ties_gives_other_last_items_if_there_are_times) {
  auto by_item = measured(last_item);
  by_item.ties = tie_order::item;
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), by_item)),
                    "trained with --ties file, measured with item");
  by_item.has_times = false;
  BOOST_CHECK_EQUAL(reason(why_seen(trained("leave_one_out"), by_item)), "");
}

BOOST_AUTO_TEST_CASE(a_replay_of_what_was_trained_on_is_noticed) {
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay(trained("leave_one_out"), 0.6, 0)),
                    "trained on all interactions, without --until");
  BOOST_CHECK_EQUAL(reason(why_seen_in_replay({"leave_one_out", 7, 0.0, 0.6, "item"}, 0.2, 0)),
                    "trained with --until 0.6, replayed from 0.2");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
