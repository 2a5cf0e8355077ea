#include "models/learning/user_marks.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using namespace winnow;

/// A history in which each letter is an item.
std::vector<std::string_view> items(std::string_view letters) {
  std::vector<std::string_view> ids;
  for (std::size_t at = 0; at < letters.size(); ++at)
    ids.push_back(letters.substr(at, 1));
  return ids;
}

/// Where the new items of `later` begin after `earlier` was counted; -1 if that is unknown.
int new_from(std::string_view earlier, std::string_view later) {
  const auto found = first_new_item(mark_of(items(earlier)), items(later));
  return found ? static_cast<int>(*found) : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_marks_)

BOOST_AUTO_TEST_CASE(finds_the_items_that_were_appended) {
  BOOST_CHECK_EQUAL(new_from("abcdef", "abcdefg"), 6);
  BOOST_CHECK_EQUAL(new_from("abcdef", "abcdefghi"), 6);
  BOOST_CHECK_EQUAL(new_from("a", "ab"), 1);
  BOOST_CHECK_EQUAL(new_from("aaaa", "aaaaaa"), 4); // repeated items, too
}

BOOST_AUTO_TEST_CASE(finds_nothing_new_in_the_same_history) {
  BOOST_CHECK_EQUAL(new_from("abcdef", "abcdef"), 6);
  BOOST_CHECK_EQUAL(new_from("ab", "ab"), 2);
  BOOST_CHECK_EQUAL(new_from("", ""), 0);
}

BOOST_AUTO_TEST_CASE(recognises_a_history_without_its_first_items) {
  BOOST_CHECK_EQUAL(new_from("abcdef", "bcdefg"), 5); // a window that slides
  BOOST_CHECK_EQUAL(new_from("abcdef", "cdefghi"), 4);
  BOOST_CHECK_EQUAL(new_from("abcdef", "cdef"), 4);
  BOOST_CHECK_EQUAL(new_from("abcdef", "acdefb"), 5); // b moved to the end
  BOOST_CHECK_EQUAL(new_from("abcdef", "abcdxef"), 7);
}

BOOST_AUTO_TEST_CASE(takes_a_history_for_rewritten_if_the_last_counted_items_are_not_in_it) {
  BOOST_CHECK_EQUAL(new_from("abcdef", "uvwxyz"), -1);
  BOOST_CHECK_EQUAL(new_from("abcdef", "abcde"), -1); // the last one was removed
  BOOST_CHECK_EQUAL(new_from("abcdef", "fgh"), -1);   // too few of them are left
  BOOST_CHECK_EQUAL(new_from("abc", ""), -1);
}

BOOST_AUTO_TEST_CASE(all_of_a_history_is_new_if_nothing_was_counted) {
  BOOST_CHECK_EQUAL(new_from("", "abc"), 0);
  BOOST_CHECK(mark_of({}) == mark_of(items("")));
}

BOOST_AUTO_TEST_CASE(tells_ids_apart_that_are_the_same_text_together) {
  const std::vector<std::string_view> one{"ab", "c"}, other{"a", "bc"};
  BOOST_CHECK(!(mark_of(one) == mark_of(other)));
}

BOOST_AUTO_TEST_CASE(keeps_a_mark_for_each_of_many_users) {
  constexpr std::uint32_t users = 10'000;
  user_marks marks(users);
  const auto user = [](std::uint32_t at) { return user_marks::hash_of("user " + std::to_string(at)); };
  for (std::uint32_t at = 0; at < users; ++at)
    BOOST_REQUIRE(marks.note(user(at), {at, at * 7}));
  BOOST_CHECK_EQUAL(marks.size(), users);
  for (std::uint32_t at = 0; at < users; ++at)
    BOOST_REQUIRE(marks.find(user(at)) == std::optional(history_mark{at, at * 7}));
  BOOST_CHECK(!marks.find(user(users)));
  const auto entries = marks.entries();
  BOOST_CHECK_EQUAL(
      std::count_if(entries.begin(), entries.end(), [](const auto& entry) { return entry.user != 0; }),
      users);
}

BOOST_AUTO_TEST_CASE(finds_nobody_before_the_first_mark) {
  BOOST_CHECK(!user_marks(5).find(user_marks::hash_of("a user")));
}

BOOST_AUTO_TEST_CASE(replaces_the_mark_of_a_user) {
  user_marks marks(5);
  marks.note(1, {3, 30});
  marks.note(1, {4, 40});
  BOOST_CHECK(marks.find(1) == std::optional(history_mark{4, 40}));
  BOOST_CHECK_EQUAL(marks.size(), 1u);
}

BOOST_AUTO_TEST_CASE(has_room_for_so_many_users_only) {
  user_marks marks(2);
  BOOST_CHECK(marks.note(1, {1, 1}));
  BOOST_CHECK(marks.note(2, {1, 1}));
  BOOST_CHECK(!marks.note(3, {1, 1}));
  BOOST_CHECK(!marks.find(3));
  BOOST_CHECK(marks.note(1, {2, 2})); // those who are known may go on
  BOOST_CHECK_EQUAL(marks.size(), 2u);
}

BOOST_AUTO_TEST_CASE(forgets_a_user_and_finds_all_others) {
  user_marks marks(100'000);
  std::vector<std::uint64_t> users;
  for (std::uint64_t n = 1; n <= 2000; ++n) // many share a slot, also at the end of the table
    users.push_back((n % 7) + 1 + (n << 20U) + (n % 3 == 0 ? 1020 : 0));
  for (const auto user : users)
    marks.note(user, {static_cast<std::uint32_t>(user), 1});
  for (std::size_t i = 0; i < users.size(); i += 2) {
    BOOST_CHECK(marks.forget(users[i]));
    BOOST_CHECK(!marks.forget(users[i]));
  }
  BOOST_CHECK_EQUAL(marks.size(), users.size() / 2);
  for (std::size_t i = 0; i < users.size(); ++i)
    BOOST_CHECK_EQUAL(marks.find(users[i]).has_value(), i % 2 == 1);
  BOOST_CHECK(!user_marks(5).forget(1));
}

BOOST_AUTO_TEST_SUITE_END()
