#include "models/online/taken_watch.hpp"

#include <boost/test/unit_test.hpp>

/// What users take after their lists.
namespace winnow {

namespace {

using history = std::vector<std::string>;
using list = std::vector<std::string_view>;

struct watch_fixture {
  taken_watch watch{3};

  /// Stores a list for a profile. @return The places of what was taken since the last one.
  std::vector<std::size_t> show(const std::string& user, const history& items, const list& shown,
                                const std::string& version = "v1", std::int64_t now = 100) {
    return places(watch.show(watch.look(user, items), shown, version, now));
  }

  static std::vector<std::size_t> places(const std::vector<taken_watch::taken_item>& taken) {
    std::vector<std::size_t> all;
    for (const auto& one : taken)
      all.push_back(one.place);
    return all;
  }
};

bool are(const std::vector<std::size_t>& got, const std::vector<std::size_t>& wanted) {
  return got == wanted;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(taken_watches, watch_fixture)

BOOST_AUTO_TEST_CASE(what_is_taken_is_found_on_the_last_list) {
  BOOST_TEST(are(show("anna", {"a"}, {"x", "y", "z"}, "v1", 100), {})); // there was no list before
  const auto taken = watch.show(watch.look("anna", history{"a", "y"}), list{"p", "q"}, "v2", 160);
  BOOST_REQUIRE(taken.size() == 1u);
  BOOST_TEST(taken[0].place == 2u);
  BOOST_TEST(taken[0].version == "v1");
  BOOST_TEST(taken[0].age == 60);
  BOOST_TEST(are(show("anna", {"a", "y", "x"}, {"r"}), {0})); // x was on an earlier list only
  BOOST_TEST(are(show("anna", {"a", "y", "x"}, {"s"}), {}));  // nothing new
  BOOST_TEST(are(show("anna", {"a", "y", "x", "t", "s"}, {}), {0, 1}));
  const auto outcomes = watch.outcomes();
  BOOST_REQUIRE(outcomes.size() == 2u);
  BOOST_TEST(outcomes[0].taken == 3u);
  BOOST_TEST(outcomes[0].hits() == 2u);
  BOOST_TEST(outcomes[0].reciprocal_places == 1.5);
  BOOST_TEST(outcomes[1].taken == 1u);
  BOOST_TEST(outcomes[1].hits() == 0u);
}

BOOST_AUTO_TEST_CASE(what_the_history_had_before_is_not_counted) {
  show("anna", {"a", "b", "c"}, {"x"});
  BOOST_TEST(are(show("anna", {"a", "b", "c", "a"}, {"x"}), {}));
  BOOST_TEST(are(show("anna", {"n", "p", "q"}, {"x"}), {}));  // rewritten
  BOOST_TEST(are(show("anna", {"p", "q", "x"}, {"y"}), {1})); // the front was dropped
}

BOOST_AUTO_TEST_CASE(only_the_first_20_items_of_a_list_count) {
  const history names{"00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10",
                      "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"};
  const list shown(names.begin(), names.end());
  show("anna", {"a"}, shown);
  BOOST_TEST(are(show("anna", {"a", "19", "20"}, {}), {20, 0}));
}

BOOST_AUTO_TEST_CASE(two_requests_for_one_change_count_it_once) {
  show("anna", {"a"}, {"x"});
  const history now{"a", "x"};
  const auto first = watch.look("anna", now), second = watch.look("anna", now);
  BOOST_TEST(are(places(watch.show(first, list{"y"}, "v1", 1)), {1}));
  BOOST_TEST(are(places(watch.show(second, list{"y"}, "v1", 1)), {}));
  BOOST_TEST(are(show("anna", {"a", "x", "y"}, {}), {1}));
}

BOOST_AUTO_TEST_CASE(a_list_of_another_process_ends_the_watch) {
  show("anna", {"a"}, {"x"});
  BOOST_TEST(are(places(watch.leave(watch.look("anna", history{"a", "x"}), 1)), {1}));
  BOOST_TEST(watch.users() == 0u);
  BOOST_TEST(are(show("anna", {"a", "x", "y"}, {"z"}), {}));
  BOOST_TEST(are(show("anna", {"a", "x", "y", "z"}, {}), {1}));
}

BOOST_AUTO_TEST_CASE(forgets_users_whose_lists_did_not_change_for_longest) {
  for (const char* user : {"anna", "bert", "cleo", "dora"})
    show(user, {"a"}, {"x"});
  BOOST_TEST(watch.users() == 3u);
  BOOST_TEST(are(show("anna", {"a", "x"}, {}), {})); // forgotten; now bert is
  BOOST_TEST(are(show("dora", {"a", "x"}, {}), {1}));
  BOOST_TEST(are(show("cleo", {"a", "x"}, {}), {1}));
  taken_watch none(0);
  none.show(none.look("anna", history{"a"}), list{"x"}, "v1", 1);
  BOOST_TEST(none.users() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(taken_outcomes)

namespace {

taken_outcome outcome(std::uint64_t hits, std::uint64_t taken) {
  taken_outcome made;
  made.taken = taken;
  made.places[0] = hits;
  made.places[4] = taken - hits;
  made.reciprocal_places = made.squared_reciprocal_places = static_cast<double>(hits);
  return made;
}

} // namespace

BOOST_AUTO_TEST_CASE(places_have_buckets) {
  const std::pair<std::size_t, const char*> wanted[] = {{0, "not"},    {1, "1"},      {2, "2-5"},
                                                        {5, "2-5"},    {6, "6-10"},   {10, "6-10"},
                                                        {11, "11-20"}, {20, "11-20"}, {21, "not"}};
  for (const auto& [place, name] : wanted)
    BOOST_TEST(to_string(place_of(place)) == name);
}

BOOST_AUTO_TEST_CASE(the_intervals_are_those_of_wilson_and_newcombe) {
  const auto rate = hit_rate(outcome(10, 100));
  BOOST_TEST(rate.value == 0.1, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(rate.low == 0.0552, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(rate.high == 0.1744, boost::test_tools::tolerance(1e-2));
  // Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, (a).
  const auto difference = hit_rate_difference(outcome(56, 70), outcome(48, 80));
  BOOST_TEST(difference.value == 0.2, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(difference.low == 0.0524, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(difference.high == 0.3339, boost::test_tools::tolerance(1e-2));
  const auto mrr = mean_reciprocal_rank(outcome(10, 100));
  BOOST_TEST(mrr.value == 0.1, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(mrr.high - mrr.value == 1.96 * 0.03, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(hit_rate(outcome(0, 0)).high == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
