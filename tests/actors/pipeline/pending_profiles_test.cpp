#include "actors/pipeline/pending_profiles.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace winnow;

namespace {

constexpr std::uint64_t some_digest = 7;

/// The users of what is taken, in order, each with the timestamp of the profile.
std::string taken(pending_profiles& pending, std::size_t most = 100) {
  std::string names;
  for (const auto& key : pending.take(most))
    names += key.user_id + key.timestamp + " ";
  return names;
}

void sweep_over(pending_profiles& pending, const std::vector<profile_key>& keys) {
  pending.begin_sweep();
  for (const auto& key : keys)
    pending.note(key);
  pending.finish_sweep([](const profile_key&) {});
}

} // namespace

BOOST_AUTO_TEST_SUITE(pending_profiles_suite)

BOOST_AUTO_TEST_CASE(announced_changes_go_before_what_a_sweep_found) {
  pending_profiles pending;
  sweep_over(pending, {{"a", ""}, {"b", ""}});
  pending.changed({"c", ""});
  BOOST_TEST(pending.waiting() == 3U);
  BOOST_TEST(taken(pending, 1) == "c ");
  BOOST_TEST(pending.taken() == 1U);
}

BOOST_AUTO_TEST_CASE(many_changes_of_a_user_are_one_look) {
  pending_profiles pending;
  sweep_over(pending, {{"a", ""}});
  pending.changed({"a", ""});
  pending.changed({"a", ""});
  BOOST_TEST(taken(pending) == "a ");
  BOOST_TEST(taken(pending) == "");
}

BOOST_AUTO_TEST_CASE(a_change_during_the_look_is_looked_at_after_it) {
  pending_profiles pending;
  pending.changed({"a", ""});
  BOOST_TEST(taken(pending) == "a ");
  pending.changed({"a", ""});
  BOOST_TEST(taken(pending) == "");
  pending.finish({"a", ""});
  BOOST_TEST(taken(pending) == "a ");
  pending.finish({"a", ""});
  BOOST_TEST(taken(pending) == "");
  BOOST_TEST(pending.taken() == 0U);
}

BOOST_AUTO_TEST_CASE(only_the_newest_profile_of_a_user_counts) {
  pending_profiles pending;
  BOOST_TEST(pending.changed({"a", "2026-02-01"}));
  BOOST_TEST(!pending.changed({"a", "2026-01-01"}));
  BOOST_TEST(taken(pending) == "a2026-02-01 ");
  sweep_over(pending, {{"b", "2026-01-01"}, {"b", "2026-03-01"}, {"b", "2026-02-01"}});
  BOOST_TEST(taken(pending) == "b2026-03-01 ");
}

BOOST_AUTO_TEST_CASE(a_content_is_dealt_with_while_its_list_is_there_or_it_is_refused) {
  pending_profiles pending;
  const profile_key key{"a", ""};
  pending.changed(key);
  BOOST_TEST(taken(pending) == "a ");
  BOOST_TEST(!pending.dealt_with(key, some_digest, true));
  pending.deal_with(key, some_digest, false);
  BOOST_TEST(pending.dealt_with(key, some_digest, true));
  BOOST_TEST(!pending.dealt_with(key, some_digest, false));
  BOOST_TEST(!pending.dealt_with(key, some_digest + 1, true));
  pending.deal_with(key, some_digest, true);
  BOOST_TEST(pending.dealt_with(key, some_digest, false));
}

BOOST_AUTO_TEST_CASE(a_profile_that_is_gone_is_forgotten_unless_it_came_back) {
  pending_profiles pending;
  const profile_key key{"a", ""};
  pending.changed(key);
  BOOST_TEST(taken(pending) == "a ");
  pending.changed(key);
  BOOST_TEST(!pending.erase(key));
  BOOST_TEST(taken(pending) == "a ");
  BOOST_TEST(pending.erase(key));
  BOOST_TEST(pending.users() == 0U);
  BOOST_TEST(pending.taken() == 0U);
}

BOOST_AUTO_TEST_CASE(a_sweep_forgets_whom_it_did_not_see_but_nobody_who_waits) {
  pending_profiles pending;
  sweep_over(pending, {{"gone", "2026-01-01"}, {"stays", ""}});
  BOOST_TEST(taken(pending, 1) != "");
  BOOST_TEST(taken(pending, 1) != "");
  pending.finish({"gone", "2026-01-01"});
  pending.finish({"stays", ""});
  pending.changed({"announced", ""});
  pending.begin_sweep();
  pending.note({"stays", ""});
  std::string told;
  pending.finish_sweep(
      [&told](const profile_key& key) { told += key.user_id + (key.timestamp.empty() ? " " : "! "); });
  BOOST_TEST((told == "gone stays " || told == "stays gone "), told);
  BOOST_TEST(pending.users() == 2U);
  BOOST_TEST(taken(pending) == "announced stays ");
}

BOOST_AUTO_TEST_CASE(who_got_the_list_of_another_content_is_looked_at_again) {
  pending_profiles pending;
  const profile_key key{"a", ""};
  pending.changed(key);
  BOOST_TEST(!pending.stored("a", some_digest)); // he waits for his first look anyway
  BOOST_TEST(taken(pending) == "a ");
  pending.deal_with(key, some_digest, false);
  pending.finish(key);
  BOOST_TEST(!pending.stored("a", some_digest));
  BOOST_TEST(taken(pending) == "");
  BOOST_TEST(pending.stored("a", some_digest + 1));
  BOOST_TEST(taken(pending) == "a ");
  BOOST_TEST(!pending.dealt_with(key, some_digest, true));
  BOOST_TEST(!pending.stored("nobody", some_digest));
}

BOOST_AUTO_TEST_CASE(who_is_put_back_waits_again) {
  pending_profiles pending;
  pending.changed({"a", ""});
  BOOST_TEST(taken(pending) == "a ");
  pending.requeue({"a", ""});
  BOOST_TEST(pending.waiting() == 1U);
  BOOST_TEST(taken(pending) == "a ");
}

BOOST_AUTO_TEST_SUITE_END()
