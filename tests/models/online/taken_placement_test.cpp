#include "models/online/taken_file.hpp"
#include "models/online/taken_watch.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

/// What users take after the lists of placements, and by day.
namespace winnow {

namespace {

using history = std::vector<std::string>;
using list = std::vector<std::string_view>;

constexpr std::int64_t day = 86'400;

struct placement_fixture {
  taken_watch watch{10};

  std::vector<taken_watch::taken_item> show(const std::string& user, const history& items, const list& shown,
                                            const std::string& placement = "", std::int64_t now = 100) {
    return watch.show(watch.look(user, items, placement), shown, {"v1", {}, placement}, now);
  }

  static taken_outcome find(const std::vector<taken_outcome>& among, const std::string& placement,
                            std::int64_t on = 0) {
    for (const auto& one : among)
      if (one.placement == placement && one.day == on)
        return one;
    return {};
  }
  taken_outcome outcome(const std::string& placement) const { return find(watch.outcomes(), placement); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(taken_placements, placement_fixture)

BOOST_AUTO_TEST_CASE(what_is_taken_is_looked_for_on_each_list_that_was_shown) {
  show("anna", {"a"}, {"x", "y"});
  show("anna", {"a"}, {"y", "z"}, "cart");
  show("anna", {"a"}, {"p"}, "mail");
  const auto taken = show("anna", {"a", "y"}, {"q"});
  BOOST_REQUIRE(taken.size() == 3u);
  BOOST_TEST(taken[0].placement == "");
  BOOST_TEST(taken[0].place == 2u);
  BOOST_TEST(taken[1].placement == "cart");
  BOOST_TEST(taken[1].place == 1u);
  BOOST_TEST(taken[2].placement == "mail");
  BOOST_TEST(taken[2].place == 0u);
  BOOST_TEST(outcome("cart").hits() == 1u);
  BOOST_TEST(outcome("cart").lists == 1u);
  BOOST_TEST(outcome("mail").taken == 1u);
  BOOST_TEST(watch.users() == 1u);
}

BOOST_AUTO_TEST_CASE(a_list_of_a_placement_counts_for_one_change_each_time_it_is_shown) {
  show("anna", {"a"}, {"x"});
  show("anna", {"a"}, {"y", "z"}, "cart");
  show("anna", {"a", "y"}, {"q"});
  BOOST_TEST(show("anna", {"a", "y", "z"}, {"q"}).size() == 1u); // the plain list alone
  show("anna", {"a", "y", "z"}, {"r"}, "cart");
  show("anna", {"a", "y", "z", "r"}, {"q"});
  BOOST_TEST(outcome("cart").taken == 2u);
  BOOST_TEST(outcome("cart").users == 2u); // the list was forgotten between
}

BOOST_AUTO_TEST_CASE(a_list_of_a_placement_that_is_shown_again_counts_the_change_before) {
  show("anna", {"a"}, {"y"}, "cart");
  const auto taken = show("anna", {"a", "y"}, {"z"}, "cart"); // before the plain list was made
  BOOST_REQUIRE(taken.size() == 1u);
  BOOST_TEST(taken[0].place == 1u);
  BOOST_TEST(show("anna", {"a", "y"}, {"q"}).empty());
  BOOST_TEST(show("anna", {"a", "y", "z"}, {"q"}).size() == 2u);
  BOOST_TEST(outcome("cart").hits() == 2u);
}

BOOST_AUTO_TEST_CASE(a_list_of_another_process_counts_them_too) {
  show("anna", {"a"}, {"y"}, "cart");
  BOOST_TEST(watch.watches("anna"));
  BOOST_TEST(!watch.watches("bert"));
  BOOST_TEST(watch.leave(watch.look("anna", history{"a", "y"}), {"v1"}, 100).size() == 1u);
  BOOST_TEST(outcome("cart").hits() == 1u);
}

BOOST_AUTO_TEST_CASE(a_user_is_forgotten_at_all_placements) {
  show("anna", {"a"}, {"y"}, "cart");
  show("bert", {"a"}, {"y"}, "cart");
  BOOST_TEST(watch.forget("anna"));
  BOOST_TEST(!watch.forget("anna"));
  BOOST_TEST(show("anna", {"a", "y"}, {"q"}).empty());
  BOOST_TEST(show("bert", {"a", "y"}, {"q"}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(lists_of_placements_leave_room_for_others) {
  taken_watch small(2);
  const auto shown = [&](const char* placement) {
    small.show(small.look("anna", history{"a"}, placement), list{"x"}, {"v1", {}, placement}, 1);
  };
  for (const char* placement : {"", "cart", "mail", "home", "search"})
    shown(placement);
  BOOST_TEST(small.users() <= 1u);
  shown("");
  BOOST_TEST(small.users() == 1u);
}

BOOST_AUTO_TEST_CASE(days_are_counted_apart) {
  show("anna", {"a"}, {"x", "y"}, "", 10 * day);
  show("anna", {"a", "x"}, {"y"}, "", 10 * day + 5);
  show("anna", {"a", "x", "n"}, {"z"}, "", 11 * day);
  show("anna", {"a", "x", "n"}, {"m"}, "cart", 11 * day);
  show("anna", {"a", "x", "n", "z"}, {"q"}, "", 11 * day + 1);
  const auto days = watch.days();
  BOOST_TEST(find(days, "", 10).taken == 1u);
  BOOST_TEST(find(days, "", 10).hits() == 1u);
  BOOST_TEST(find(days, "", 10).users == 1u);
  BOOST_TEST(find(days, "", 11).taken == 2u);
  BOOST_TEST(find(days, "", 11).hits() == 1u);
  BOOST_TEST(find(days, "", 11).users == 1u);
  BOOST_TEST(find(days, "", 11).spread.nn == 4);
  BOOST_TEST(find(days, "cart", 11).taken == 1u);
  BOOST_TEST(outcome("").taken == 3u);
}

BOOST_AUTO_TEST_CASE(days_are_kept_for_a_month) {
  history items{"a"};
  for (std::int64_t at = 0; at < 40; ++at) {
    show("anna", items, {"x"}, "", (100 + at) * day);
    items.push_back("item " + std::to_string(at));
  }
  const auto days = watch.days();
  BOOST_TEST(days.size() == 30u);
  BOOST_TEST(days.front().day == 110);
  BOOST_TEST(days.back().day == 139);
  BOOST_TEST(outcome("").taken == 39u);
}

BOOST_AUTO_TEST_CASE(another_process_goes_on_with_placements_and_days) {
  const test::temp_dir made;
  const auto file = std::filesystem::path(made.path()) / "taken";
  show("anna", {"a"}, {"x"}, "", 10 * day);
  show("anna", {"a", "x"}, {"y"}, "", 10 * day);
  show("anna", {"a", "x"}, {"y"}, "cart", 10 * day);
  BOOST_REQUIRE(write_taken(file, watch).has_value());
  taken_watch next(10);
  BOOST_REQUIRE(read_taken(file, next).has_value());
  BOOST_TEST(next.users() == 1u);
  next.show(next.look("anna", history{"a", "x", "y"}), list{"z"}, {"v1"}, 10 * day + 9);
  BOOST_TEST(find(next.outcomes(), "cart").hits() == 1u);
  BOOST_TEST(find(next.days(), "", 10).taken == 2u);
  BOOST_TEST(find(next.days(), "", 10).users == 1u); // anna again
  BOOST_TEST(find(next.days(), "cart", 10).taken == 1u);
}

BOOST_AUTO_TEST_CASE(outcomes_can_be_added) {
  show("anna", {"a"}, {"x"}, "", 10);
  show("anna", {"a", "x"}, {"y"}, "", 20);
  auto sum = outcome("");
  add_outcome(sum, outcome(""));
  BOOST_TEST(sum.taken == 2u);
  BOOST_TEST(sum.hits() == 2u);
  BOOST_TEST(sum.lists == 4u);
  BOOST_TEST(sum.since == 20);
  taken_outcome none;
  add_outcome(none, outcome(""));
  BOOST_TEST(none.since == 20);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
