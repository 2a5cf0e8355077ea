#include "actors/poller/pending_profiles.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace winnow;

namespace {

constexpr std::uint64_t some_digest = 7;

/// Takes profiles. Returns their users in order, each followed by the timestamp of the profile.
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
  pending.finish_sweep([](const profile_key&, bool) {});
}

} // namespace

BOOST_AUTO_TEST_SUITE(pending_profiles_suite)

BOOST_AUTO_TEST_CASE(announced_changes_are_taken_before_swept_profiles) {
  pending_profiles pending;
  sweep_over(pending, {{"a", ""}, {"b", ""}});
  pending.changed({"c", ""});
  BOOST_TEST(pending.waiting() == 3U);
  BOOST_TEST(taken(pending, 1) == "c ");
  BOOST_TEST(pending.taken() == 1U);
}

BOOST_AUTO_TEST_CASE(many_changes_of_a_user_are_checked_once) {
  pending_profiles pending;
  sweep_over(pending, {{"a", ""}});
  pending.changed({"a", ""});
  pending.changed({"a", ""});
  BOOST_TEST(taken(pending) == "a ");
  BOOST_TEST(taken(pending) == "");
}

BOOST_AUTO_TEST_CASE(the_last_known_result_of_a_user_is_remembered) {
  pending_profiles pending;
  pending.changed({"a", "1700000001"});
  BOOST_TEST(!pending.has_result({"a", "1700000001"}));
  pending.note_result({"a", "1700000001"});
  sweep_over(pending, {{"a", "1700000000"}, {"a", "1700000001"}});
  BOOST_TEST(pending.has_result({"a", "1700000001"}));
  BOOST_TEST(!pending.has_result({"a", "1700000002"}));
  pending.note_result({"a", "1700000002"});
  BOOST_TEST(!pending.has_result({"a", "1700000001"}));
}

BOOST_AUTO_TEST_CASE(a_removed_result_is_forgotten_and_no_other) {
  pending_profiles pending;
  const profile_key first{"a", "1700000001"}, second{"a", "1700000002"};
  pending.changed(second);
  pending.note_result(second);
  pending.forget_result(first);
  BOOST_TEST(pending.has_result(second));
  pending.forget_result(second);
  BOOST_TEST(!pending.has_result(second));
}

BOOST_AUTO_TEST_CASE(whether_a_profile_that_was_written_again_has_a_result_is_unknown) {
  pending_profiles pending;
  const profile_key written{"a", "1700000002"}, older{"a", "1700000001"};
  pending.changed(written);
  pending.note_result(written);
  pending.changed(older);
  BOOST_TEST(pending.has_result(written));
  pending.changed(written);
  BOOST_TEST(!pending.has_result(written));
}

BOOST_AUTO_TEST_CASE(a_change_during_a_check_is_checked_afterwards) {
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

BOOST_AUTO_TEST_CASE(content_is_dealt_with_if_its_list_exists_or_it_is_refused) {
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

BOOST_AUTO_TEST_CASE(a_removed_profile_is_forgotten_unless_it_reappeared) {
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

BOOST_AUTO_TEST_CASE(a_sweep_forgets_missing_users_unless_they_are_queued) {
  pending_profiles pending;
  sweep_over(pending, {{"gone", "2026-01-01"}, {"stays", ""}});
  BOOST_TEST(taken(pending, 1) != "");
  BOOST_TEST(taken(pending, 1) != "");
  pending.finish({"gone", "2026-01-01"});
  pending.finish({"stays", ""});
  pending.changed({"announced", ""});
  pending.begin_sweep();
  pending.note({"stays", ""});
  std::string reported;
  pending.finish_sweep([&reported](const profile_key& key, bool exists) {
    BOOST_TEST(exists == (key.user_id == "stays"));
    reported += key.user_id + (key.timestamp.empty() ? " " : "! ");
  });
  BOOST_TEST((reported == "gone stays " || reported == "stays gone "), reported);
  BOOST_TEST(pending.users() == 2U);
  BOOST_TEST(taken(pending) == "announced stays ");
}

BOOST_AUTO_TEST_CASE(a_profile_is_displaced_if_two_come_while_an_older_one_is_checked) {
  pending_profiles pending;
  pending.changed({"a", ""});
  BOOST_TEST(taken(pending) == "a ");
  pending.changed({"a", "1700000001"}); // waits until the first is finished
  BOOST_TEST(pending.take_displaced().empty());
  pending.changed({"a", "1700000002"});
  const auto displaced = pending.take_displaced();
  BOOST_REQUIRE_EQUAL(displaced.size(), 1u);
  BOOST_TEST((displaced[0] == profile_key{"a", "1700000001"}));
  pending.finish({"a", ""});
  BOOST_TEST(taken(pending) == "a1700000002 ");
}

BOOST_AUTO_TEST_CASE(a_profile_is_displaced_if_a_newer_one_comes_before_its_turn) {
  pending_profiles pending;
  BOOST_TEST(pending.changed({"a", "1700000001"}));
  BOOST_TEST(pending.changed({"a", "1700000002"}));
  BOOST_TEST(!pending.changed({"a", "1700000001"}));
  const auto displaced = pending.take_displaced();
  BOOST_REQUIRE_EQUAL(displaced.size(), 1u);
  BOOST_TEST((displaced[0] == profile_key{"a", "1700000001"}));
  BOOST_TEST(taken(pending) == "a1700000002 ");
  pending.changed({"a", "1700000003"}); // the second is being computed, and gets its result from that
  BOOST_TEST(pending.take_displaced().empty());
  pending.requeue({"a", "1700000002"}); // unless that failed
  BOOST_TEST(pending.take_displaced().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_user_with_a_list_of_other_content_is_checked_again) {
  pending_profiles pending;
  const profile_key key{"a", ""};
  pending.changed(key);
  BOOST_TEST(!pending.stored(key, some_digest)); // the first check is still to come
  BOOST_TEST(taken(pending) == "a ");
  pending.deal_with(key, some_digest, false);
  pending.finish(key);
  BOOST_TEST(!pending.stored(key, some_digest));
  BOOST_TEST(taken(pending) == "");
  BOOST_TEST(pending.stored(key, some_digest + 1));
  BOOST_TEST(taken(pending) == "a ");
  BOOST_TEST(!pending.dealt_with(key, some_digest, true));
}

BOOST_AUTO_TEST_CASE(content_whose_list_a_request_stored_is_dealt_with_but_was_not_read) {
  pending_profiles pending;
  const profile_key key{"a", ""};
  for (auto digest = some_digest; digest < some_digest + 2; ++digest) { // of a new user, then of a known one
    BOOST_TEST(pending.stored(key, digest));
    BOOST_TEST(taken(pending) == "a ");
    BOOST_TEST(pending.dealt_with(key, digest, true));
    BOOST_TEST(!pending.was_read(key, digest));
    pending.deal_with(key, digest, false);
    BOOST_TEST(pending.was_read(key, digest));
    BOOST_TEST(!pending.was_read(key, digest + 1));
    pending.finish(key);
  }
}

BOOST_AUTO_TEST_CASE(a_list_of_an_unknown_user_is_checked) { // their profile may have been removed meanwhile
  pending_profiles pending;
  BOOST_TEST(pending.stored({"nobody", ""}, some_digest));
  BOOST_TEST(taken(pending) == "nobody ");
}

BOOST_AUTO_TEST_CASE(a_list_of_a_profile_that_is_not_announced_yet_is_checked_with_it) {
  pending_profiles pending;
  BOOST_TEST(pending.stored({"new", "1700000001"}, some_digest));
  BOOST_TEST(taken(pending) == "new1700000001 ");
  pending.deal_with({"new", "1700000001"}, some_digest, false);
  pending.finish({"new", "1700000001"});
  BOOST_TEST(pending.stored({"new", "1700000002"}, some_digest));
  BOOST_TEST(taken(pending) == "new1700000002 ");
}

BOOST_AUTO_TEST_CASE(a_user_whose_list_is_to_be_computed_again_waits_behind_announced_changes) {
  pending_profiles pending;
  const profile_key key{"a", ""}, refused{"b", ""};
  pending.changed(key);
  pending.changed(refused);
  BOOST_TEST(taken(pending) == "a b ");
  pending.deal_with(key, some_digest, false);
  pending.finish(key);
  pending.deal_with(refused, some_digest, true);
  pending.finish(refused);
  BOOST_TEST(pending.compute_again("a"));
  BOOST_TEST(!pending.compute_again("b"));
  BOOST_TEST(!pending.compute_again("nobody"));
  BOOST_TEST(!pending.dealt_with(key, some_digest, true));
  pending.changed({"c", ""});
  BOOST_TEST(taken(pending) == "c a ");
}

BOOST_AUTO_TEST_CASE(a_requeued_user_is_taken_again) {
  pending_profiles pending;
  pending.changed({"a", ""});
  BOOST_TEST(taken(pending) == "a ");
  pending.requeue({"a", ""});
  BOOST_TEST(pending.waiting() == 1U);
  BOOST_TEST(taken(pending) == "a ");
}

BOOST_AUTO_TEST_SUITE_END()
