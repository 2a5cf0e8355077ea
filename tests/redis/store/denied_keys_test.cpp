// A server whose ACL denies keys: the state names the family of keys, and what one family does says nothing
// of another one.

#include "redis/needed_commands.hpp"
#include "redis/store/key_rights.hpp"
#include "redis/store_factory.hpp"
#include "restricted_store.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>

using namespace winnow;
using namespace winnow::test;

namespace {

/// Why a store that was served no user's key is not ready.
std::string reason_of(const std::string& command, const std::string& family) {
  return "Redis denies " + command + " of " + family + "* to user old: it denied the probe's key " + family +
         "winnow-probe-*, and served no user's; needed: " + std::string(key_patterns);
}

} // namespace

BOOST_AUTO_TEST_SUITE(denied_keys_suite)

BOOST_AUTO_TEST_CASE(one_key_says_nothing_about_the_others) {
  restricted shop("+get +getrange +set +scan");
  shop.server.call({"LPUSH", "user_profile:list", "1"});
  shop.allow("resetkeys ~user_profile:* %R~recommendations:* ~recommendations:a*");
  redis_store store(shop.settings);
  BOOST_TEST(!run(store, read_profile{{"list", ""}}).has_value());
  BOOST_TEST(!run(store, write_list{"bob", "", "[]"}).has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
  // While no user's key was served, the probe's user stands for all those without rules of their own.
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
  BOOST_TEST(trouble_of(store, store_need::storing) == reason_of("SET", "recommendations:"));
}

BOOST_AUTO_TEST_CASE(keys_of_users_that_are_served_outweigh_that_of_the_probe) {
  restricted shop("+@all");
  shop.allow("resetkeys ~user_profile:a* ~recommendations:a* ~recommendation_result:a* ~winnow:*");
  auto handles = open_store(shop.settings).value();
  auto& store = dynamic_cast<redis_store&>(*handles.store);
  auto& background = dynamic_cast<redis_store&>(*handles.background_store);
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == reason_of("GETRANGE", "user_profile:"));
  // What another store of the daemon was served counts as well.
  BOOST_TEST(run(background, read_profile{ann, true}).has_value());
  BOOST_TEST(run(background, write_list{"ann", "", "[]"}).has_value());
  for (int idle = 0; idle < 30; ++idle) {
    BOOST_TEST(store.probe().has_value());
    BOOST_TEST(trouble_of(store, store_need::reading) == "none");
    BOOST_TEST(trouble_of(store, store_need::storing) == "none");
  }
  // A user whose keys are denied, now and then, does not outweigh one whose keys are served.
  for (int turn = 0; turn < 30; ++turn) {
    BOOST_TEST(!run(store, read_profile{{"bob", ""}}).has_value());
    BOOST_TEST(store.probe().has_value());
    if (turn % 10 == 0)
      BOOST_TEST(run(store, read_profile{ann}).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_denied_probe_counts_once_only_denied_commands_came) {
  restricted shop("+@all");
  shop.allow("resetkeys ~user_profile:a* ~recommendations:* ~winnow:*");
  redis_store store(shop.settings);
  BOOST_TEST(run(store, read_profile{ann}).has_value());
  BOOST_TEST(store.probe().has_value());
  shop.allow("resetkeys ~recommendations:* ~winnow:*");
  for (std::uint32_t round = 0; round < key_rights::most_denied_rounds; ++round) {
    BOOST_TEST(trouble_of(store, store_need::reading) == "none");
    BOOST_TEST(!run(store, read_profile{ann}).has_value());
    static_cast<void>(store.probe());
  }
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == reason_of("GETRANGE", "user_profile:"));
  shop.allow("~user_profile:a*");
  BOOST_TEST(run(store, read_profile{ann}).has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
  BOOST_TEST(store.probe().has_value());
}

BOOST_AUTO_TEST_CASE(a_probe_that_was_served_before_tells_of_rights_that_are_gone) {
  restricted shop("+@all");
  redis_store store(shop.settings);
  BOOST_TEST(run(store, read_profile{ann}).has_value());
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(store.probe().has_value()); // asks for everything, as nothing was read since
  shop.allow("resetkeys ~recommendations:* ~winnow:*");
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == reason_of("GETRANGE", "user_profile:"));
}

BOOST_AUTO_TEST_CASE(getrange_alone_is_enough_to_read) {
  restricted shop("+getrange +set +scan");
  redis_store store(shop.settings);
  const auto none = run(store, read_profile{{"nobody", ""}});
  BOOST_REQUIRE(none.has_value());
  BOOST_TEST(!none->value.has_value());
  BOOST_TEST(run(store, read_list{"nobody"}).has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
}

BOOST_AUTO_TEST_CASE(names_lists_that_may_be_written_but_not_read) {
  restricted shop("+@all");
  shop.allow("resetkeys ~user_profile:* %W~recommendations:* ~recommendation_result:* ~winnow:*");
  redis_store store(shop.settings);
  const auto reason = reason_of("GETRANGE", "recommendations:");
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == reason);
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
  // Profiles that are read say nothing of lists.
  BOOST_TEST(run(store, read_profile{ann}).has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == reason);
  shop.allow("%R~recommendations:*");
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
}

BOOST_AUTO_TEST_CASE(names_denied_results_once_there_are_timestamps) {
  restricted shop("+@all");
  shop.allow("resetkeys ~user_profile:* ~recommendations:* ~winnow:*");
  auto handles = open_store(shop.settings).value();
  auto& store = dynamic_cast<redis_store&>(*handles.store);
  BOOST_TEST(handles.background_store->scan(key_family::profiles, 0, 10).has_value());
  BOOST_TEST(store.probe().has_value()); // no profile has one
  shop.server.call({"SET", "user_profile:bob:1700000001", "[\"1\"]"});
  BOOST_TEST(handles.background_store->scan(key_family::profiles, 0, 10).has_value());
  BOOST_TEST(!store.probe().has_value());
  const auto reason = reason_of("SET", "recommendation_result:");
  BOOST_TEST(trouble_of(store, store_need::storing) == reason);
  // Lists of other users say nothing of results.
  BOOST_TEST(run(store, write_list{"ann", "", "[]"}).has_value());
  BOOST_TEST(trouble_of(store, store_need::storing) == reason);
  shop.allow("~recommendation_result:*");
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
}

BOOST_AUTO_TEST_CASE(a_list_with_a_timestamp_has_results_probed) {
  restricted shop("+@all");
  shop.allow("resetkeys ~user_profile:* ~recommendations:* ~winnow:*");
  redis_store store(shop.settings);
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(!run(store, write_list{"ann", "1700000001", "[]"}).has_value());
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(mentions(trouble_of(store, store_need::storing), "recommendation_result:*"));
}

BOOST_AUTO_TEST_SUITE_END()
