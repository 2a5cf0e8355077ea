// A server whose ACL denies keys: the state names the family of keys, and what one family does says nothing
// of another one.

#include "redis/needed_commands.hpp"
#include "redis/store_factory.hpp"
#include "restricted_store.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;

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
  // The probe's user stands for all those without rules of their own.
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
  BOOST_TEST(trouble_of(store, store_need::storing) ==
             "Redis denies SET of recommendations:* to user old; needed: " + std::string(key_patterns));
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
  const std::string reason = "Redis denies GETRANGE of recommendations:* to user old; needed: ";
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == reason + std::string(key_patterns));
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
  // Profiles that are read say nothing of lists.
  BOOST_TEST(run(store, read_profile{ann}).has_value());
  BOOST_TEST(mentions(trouble_of(store, store_need::reading), reason));
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
  const std::string reason = "Redis denies SET of recommendation_result:* to user old; needed: ";
  BOOST_TEST(trouble_of(store, store_need::storing) == reason + std::string(key_patterns));
  // Lists of other users say nothing of results.
  BOOST_TEST(run(store, write_list{"ann", "", "[]"}).has_value());
  BOOST_TEST(mentions(trouble_of(store, store_need::storing), reason));
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
