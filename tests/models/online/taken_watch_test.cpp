#include "models/online/taken_file.hpp"
#include "models/online/taken_watch.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <string>

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
    return places(watch.show(watch.look(user, items), shown, {version}, now));
  }

  static std::vector<std::size_t> places(const std::vector<taken_watch::taken_item>& taken) {
    std::vector<std::size_t> all;
    all.reserve(taken.size());
    for (const auto& one : taken)
      all.push_back(one.place);
    return all;
  }
};

/// Different names.
history names_of(std::size_t count) {
  history names;
  for (std::size_t i = 0; i < count; ++i)
    names.push_back("item " + std::to_string(i));
  return names;
}

bool are(const std::vector<std::size_t>& got, const std::vector<std::size_t>& wanted) {
  return got == wanted;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(taken_watches, watch_fixture)

BOOST_AUTO_TEST_CASE(what_is_taken_is_found_on_the_last_list) {
  BOOST_TEST(are(show("anna", {"a"}, {"x", "y", "z"}, "v1", 100), {})); // there was no list before
  const auto taken = watch.show(watch.look("anna", history{"a", "y"}), list{"p", "q"}, {"v2"}, 160);
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

BOOST_AUTO_TEST_CASE(the_first_200_items_of_a_list_count) {
  const auto names = names_of(201);
  show("anna", {"a"}, {names.begin(), names.end()});
  BOOST_TEST(are(show("anna", {"a", names[19], names[20], names[199], names[200]}, {}), {20, 21, 200, 0}));
  const auto outcome = watch.outcomes().at(0);
  BOOST_TEST(outcome.hits() == 3u);
  BOOST_TEST(outcome.places[static_cast<std::size_t>(taken_place::to_200)] == 2u);
}

BOOST_AUTO_TEST_CASE(of_a_long_list_nothing_is_left_once_there_is_another) {
  const auto names = names_of(40);
  const list shown(names.begin(), names.end());
  show("anna", {"a"}, shown);
  show("anna", {"a"}, {"x"});
  BOOST_TEST(are(show("anna", {"a", names[30]}, shown), {0}));
  for (const char* user : {"bert", "cleo", "dora"}) // anna is forgotten
    show(user, {"a"}, {"x"});
  BOOST_TEST(are(show("anna", {"a", names[31]}, {}), {}));
}

BOOST_AUTO_TEST_CASE(two_requests_for_one_change_count_it_once) {
  show("anna", {"a"}, {"x"});
  const history now{"a", "x"};
  const auto first = watch.look("anna", now), second = watch.look("anna", now);
  BOOST_TEST(are(places(watch.show(first, list{"y"}, {"v1"}, 1)), {1}));
  BOOST_TEST(are(places(watch.show(second, list{"y"}, {"v1"}, 1)), {}));
  BOOST_TEST(are(show("anna", {"a", "x", "y"}, {}), {1}));
}

BOOST_AUTO_TEST_CASE(a_list_of_another_process_ends_the_watch) {
  show("anna", {"a"}, {"x"});
  BOOST_TEST(are(places(watch.leave(watch.look("anna", history{"a", "x"}), {"v1"}, 1)), {1}));
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
  none.show(none.look("anna", history{"a"}), list{"x"}, {"v1"}, 1);
  BOOST_TEST(none.users() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_taken_counts_for_the_experiment_of_the_users_version) {
  const auto take = [&](const std::string& user, const history& items, taken_watch::origin from) {
    watch.show(watch.look(user, items), list{"x", "y"}, from, 100);
  };
  take("anna", {"a"}, {"v1"});
  take("bert", {"a"}, {"v1"});
  take("anna", {"a", "x"}, {"v1", "layout@1"}); // the list is of the version that anna has in the experiment
  take("bert", {"a", "x"}, {"v2", "layout@1"}); // that of bert is not
  take("bert", {"a", "x", "n"}, {"v2", "layout@1"});
  take("bert", {"a", "x", "n", "y"}, {"v2", "layout@2"});
  const auto of = [&](const char* version, const char* trial) {
    for (const auto& one : watch.outcomes())
      if (one.version == version && one.trial == trial)
        return one;
    return taken_outcome();
  };
  BOOST_TEST(of("v1", "").taken == 1u);
  BOOST_TEST(of("v1", "").lists == 2u);
  BOOST_TEST(of("v1", "layout@1").taken == 1u);
  BOOST_TEST(of("v1", "layout@1").users == 1u);
  BOOST_TEST(of("v2", "layout@1").taken == 1u);
  BOOST_TEST(of("v2", "layout@1").hits() == 0u);
  BOOST_TEST(of("v2", "layout@1").lists == 2u);
  BOOST_TEST(of("v2", "layout@2").taken == 1u);
  BOOST_TEST(of("v2", "layout@2").users == 1u);
}

BOOST_AUTO_TEST_CASE(a_user_counts_once) {
  show("anna", {"a"}, {"x", "y"});
  show("anna", {"a", "x"}, {"p", "q"});
  show("anna", {"a", "x", "p", "n"}, {"r"});
  show("bert", {"a"}, {"x"});
  show("bert", {"a", "n"}, {"x"});
  const auto outcome = watch.outcomes().at(0);
  BOOST_TEST(outcome.users == 2u);
  BOOST_TEST(outcome.taken == 4u);
  BOOST_TEST(outcome.lists == 5u);
  BOOST_TEST(outcome.spread.nn == 3 * 3 + 1); // anna took three, of which two were on the list
  BOOST_TEST(outcome.spread.hh == 2 * 2);
  BOOST_TEST(outcome.spread.hn == 2 * 3);
  BOOST_TEST(outcome.spread.rr == 2 * 2);
  BOOST_TEST(outcome.spread.rn == 2 * 3);
}

BOOST_AUTO_TEST_CASE(another_process_goes_on) {
  const test::temp_dir made;
  const auto file = std::filesystem::path(made.path()) / "live" / "taken";
  BOOST_CHECK(read_taken(file, watch).error().cause == fault::not_found);
  show("anna", {"a"}, {"x", "y"});
  show("anna", {"a", "y"}, {"p", "q"});
  show("bert", {"b"}, {"x"});
  BOOST_REQUIRE(write_taken(file, watch).has_value());
  taken_watch next(3);
  BOOST_REQUIRE(read_taken(file, next).has_value());
  BOOST_TEST(next.users() == 2u);
  BOOST_TEST(next.outcomes().at(0).taken == 1u);
  next.show(next.look("anna", history{"a", "y", "q"}), list{"z"}, {"v1"}, 200);
  const auto outcome = next.outcomes().at(0);
  BOOST_TEST(outcome.places[1] == 2u);
  BOOST_TEST(outcome.users == 1u); // anna again
  taken_watch small(1);
  BOOST_REQUIRE(read_taken(file, small).has_value());
  BOOST_TEST(small.users() == 1u);
}

BOOST_AUTO_TEST_CASE(another_process_goes_on_with_long_lists) {
  const test::temp_dir made;
  const auto file = std::filesystem::path(made.path()) / "taken";
  const auto names = names_of(60);
  show("anna", {"a"}, {names.begin(), names.end()});
  show("bert", {"a"}, {"x"});
  BOOST_REQUIRE(write_taken(file, watch).has_value());
  BOOST_REQUIRE(read_taken(file, watch).has_value());
  BOOST_TEST(are(show("anna", {"a", names[59], names[3]}, {}), {60, 4}));
  BOOST_TEST(are(show("bert", {"a", names[59]}, {}), {0}));
}

BOOST_AUTO_TEST_CASE(all_lists_can_be_forgotten_without_what_was_counted) {
  const test::temp_dir made;
  const auto file = std::filesystem::path(made.path()) / "taken";
  const auto names = names_of(60);
  show("anna", {"a"}, {names.begin(), names.end()});
  show("anna", {"a", names[1]}, {names.begin(), names.end()});
  const auto forgotten = watch.forgotten();
  watch.forget_all();
  BOOST_TEST(watch.forgotten() > forgotten);
  BOOST_TEST(!watch.watches("anna"));
  show("berta", {"b"}, {"x"});
  BOOST_TEST(watch.users() == 1u);
  BOOST_TEST(watch.forget("berta"));
  BOOST_REQUIRE(write_taken(file, watch).has_value());
  taken_watch next(3);
  BOOST_REQUIRE(read_taken(file, next).has_value());
  BOOST_TEST(next.users() == 0u);
  BOOST_TEST(!next.watches("anna"));
  BOOST_TEST(next.outcomes().at(0).taken == 1u);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_changes_nothing) {
  const test::temp_dir made;
  const auto file = std::filesystem::path(made.path()) / "taken";
  show("anna", {"a"}, {"x"});
  BOOST_REQUIRE(write_taken(file, watch).has_value());
  const auto size = std::filesystem::file_size(file);
  for (const auto cut : {size - 1, size / 2, std::uintmax_t{20}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(file, cut);
    taken_watch next(3);
    BOOST_CHECK(read_taken(file, next).error().cause == fault::malformed);
    BOOST_TEST(next.users() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_user_can_be_forgotten) {
  show("anna", {"a"}, {"x"});
  BOOST_TEST(watch.forget("anna"));
  BOOST_TEST(!watch.forget("anna"));
  BOOST_TEST(watch.forgotten() == 1u);
  BOOST_TEST(watch.users() == 0u);
  BOOST_TEST(are(show("anna", {"a", "x"}, {"y"}), {}));
  BOOST_TEST(watch.users() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(taken_outcomes)

namespace {

taken_outcome outcome(std::uint64_t hits, std::uint64_t taken) {
  taken_outcome made;
  made.taken = taken;
  made.places[0] = hits;
  made.places.back() = taken - hits;
  made.reciprocal_places = made.squared_reciprocal_places = static_cast<double>(hits);
  return made;
}

} // namespace

BOOST_AUTO_TEST_CASE(places_have_buckets) {
  const std::pair<std::size_t, const char*> wanted[] = {
      {0, "not"},    {1, "1"},      {2, "2-5"},     {5, "2-5"},      {6, "6-10"}, {10, "6-10"},
      {11, "11-20"}, {20, "11-20"}, {21, "21-200"}, {200, "21-200"}, {201, "not"}};
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

BOOST_AUTO_TEST_CASE(equal_values_of_a_few_users_are_no_certainty) {
  for (const std::uint64_t hits : {0, 3}) {
    auto few = outcome(hits, 3);
    few.users = 3;
    const auto mrr = mean_reciprocal_rank(few), rate = hit_rate(few);
    BOOST_TEST(mrr.value == (hits == 0 ? 0.0 : 1.0));
    BOOST_TEST(mrr.low == rate.low);
    BOOST_TEST(mrr.high == rate.high);
    BOOST_TEST(mrr.high - mrr.low > 0.5);
  }
}

BOOST_AUTO_TEST_CASE(what_one_user_takes_is_not_independent) {
  // Users who take ten items each, all of them from the list or none.
  auto clustered = outcome(500, 1000);
  clustered.users = 100;
  for (int user = 0; user < 100; ++user)
    for (std::uint32_t item = 0; item < 10; ++item)
      add_to_spread(clustered.spread, item, user < 50 ? item : 0, user < 50 ? item : 0, user < 50 ? 1 : 0);
  const auto as_users = hit_rate(outcome(50, 100)), found = hit_rate(clustered);
  BOOST_TEST(found.value == 0.5);
  BOOST_TEST(found.low == as_users.low, boost::test_tools::tolerance(0.01));
  BOOST_TEST(found.high == as_users.high, boost::test_tools::tolerance(0.01));
  const auto mrr = mean_reciprocal_rank(clustered), mrr_of_users = mean_reciprocal_rank(outcome(50, 100));
  BOOST_TEST(mrr.high == mrr_of_users.high, boost::test_tools::tolerance(0.01));
  auto single = outcome(5, 10);
  single.users = 1;
  BOOST_TEST(hit_rate(single).high - hit_rate(single).low > 0.8); // one user says next to nothing
}

BOOST_AUTO_TEST_CASE(the_confidence_is_that_of_the_normal_distribution) {
  const auto difference = hit_rate_difference(outcome(300, 1000), outcome(250, 1000));
  BOOST_TEST(confidence_of(difference) == 0.987, boost::test_tools::tolerance(0.005)); // z = 2.51
  BOOST_TEST(confidence_of(hit_rate_difference(outcome(250, 1000), outcome(300, 1000))) == 0.987,
             boost::test_tools::tolerance(0.005));
  BOOST_TEST(confidence_of(hit_rate_difference(outcome(30, 100), outcome(30, 100))) == 0);
  BOOST_TEST(confidence_of({}) == 0);
}

BOOST_AUTO_TEST_CASE(the_ratio_of_users_is_checked) {
  // Quantiles of chi square from tables: one degree of freedom 3.841, two 5.991, three 7.815, at 5 %.
  const auto p_of = [](double chi_square, std::size_t arms) {
    // Users of which all but two arms have what they should.
    const double all = 1e6, each = all / static_cast<double>(arms), off = std::sqrt(chi_square * each / 2);
    std::vector<std::uint64_t> users(arms, static_cast<std::uint64_t>(each));
    users[0] += static_cast<std::uint64_t>(std::llround(off));
    users[1] -= static_cast<std::uint64_t>(std::llround(off));
    return check_ratio(users, std::vector<double>(arms, 1)).probability;
  };
  BOOST_TEST(p_of(3.841, 2) == 0.05, boost::test_tools::tolerance(0.02));
  BOOST_TEST(p_of(5.991, 3) == 0.05, boost::test_tools::tolerance(0.02));
  BOOST_TEST(p_of(7.815, 4) == 0.05, boost::test_tools::tolerance(0.02));
  BOOST_TEST(!check_ratio({5050, 4950}, {0.5, 0.5}).is_off());
  BOOST_TEST(check_ratio({5250, 4750}, {0.5, 0.5}).is_off());
  BOOST_TEST(!check_ratio({8000, 2000}, {0.8, 0.2}).is_off());
  BOOST_TEST(check_ratio({0, 0}, {0.5, 0.5}).probability == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
