// The guarantees that actors rely on. The same suite runs against all stores.

#include "redis/records/profile.hpp"
#include "store_backends.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace winnow;
using namespace winnow::test;

namespace {

std::multiset<std::string> all_keys(profile_store& store, key_family family, std::size_t count) {
  std::multiset<std::string> keys;
  std::uint64_t cursor = 0;
  do {
    const auto page = store.scan(family, cursor, count);
    BOOST_REQUIRE(page.has_value());
    keys.insert(page->keys.begin(), page->keys.end());
    cursor = page->next;
  } while (cursor != 0);
  return keys;
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_store)

BOOST_AUTO_TEST_CASE_TEMPLATE(reads_back_what_was_written, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  const std::string json = "[\"a" + std::string(1, '\0') + "b\", \"ü\r\n\"]";
  BOOST_TEST(!only(store, write_profile{ann, json}).value.has_value());
  BOOST_TEST(only(store, read_profile{ann}).value.value() == json);
  BOOST_TEST(!only(store, read_profile{ann_at}).value.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(distinguishes_users_with_unusual_ids, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  const std::vector<std::string> ids{"a", "a:b",    "a/b", "a b", "Jürgen 😀", "1234567890", "a:12345678",
                                     "*", "a\r\nb", "a*",  "[a]", "\\a",      "%61",        "\xff\xfe"};
  for (const auto& id : ids)
    only(store, write_profile{{id, ""}, "[\"" + std::to_string(id.size()) + "\"]"});
  for (const auto& id : ids) {
    only(store, write_list{id, "", "[]"});
    BOOST_TEST(only(store, read_profile{{id, ""}}).value.value() ==
               "[\"" + std::to_string(id.size()) + "\"]");
  }
  BOOST_TEST(all_keys(store, key_family::profiles, 100).size() == ids.size());
  BOOST_TEST(all_keys(store, key_family::recommendations, 100).size() == ids.size());
  only(store, write_list{"a", "1700000000", "[]"});
  BOOST_TEST(all_keys(store, key_family::results, 100) ==
                 std::multiset<std::string>{"recommendation_result:a:1700000000"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(distinguishes_an_empty_value_from_a_missing_one, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  only(store, write_profile{ann, ""});
  const std::vector<store_command> reads{read_profile{{"bob", ""}}, read_profile{ann, true},
                                         read_list{"ann"}};
  const auto replies = store.execute(reads);
  BOOST_REQUIRE(replies.size() == 3U);
  BOOST_TEST(!replies[0]->value.has_value());
  BOOST_TEST(replies[1]->value.value() == "");
  BOOST_TEST(!replies[1]->list_exists);
  BOOST_TEST(!replies[2]->value.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reports_whether_a_list_is_stored, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  only(store, write_profile{ann_at, "[]"});
  BOOST_TEST(!only(store, read_profile{ann_at, true}).list_exists);
  only(store, write_list{"ann", "", "[]"});
  BOOST_TEST(only(store, read_profile{ann_at, true}).list_exists);
  BOOST_TEST(only(store, read_profile{ann, true}).list_exists);
  BOOST_TEST(!only(store, read_profile{{"bob", ""}, true}).list_exists);
  BOOST_TEST(!only(store, read_profile{ann_at, false}).list_exists);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reports_whether_the_result_of_a_profile_is_stored, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  only(store, write_profile{ann_at, "[\"1\"]"});
  only(store, write_list{"ann", "", "[]"});
  const auto exists = [&](bool with_list, std::size_t most_bytes) {
    return only(store, read_profile{ann_at, with_list, most_bytes, true}).result_exists;
  };
  BOOST_CHECK(exists(true, 0) == false);
  BOOST_CHECK(exists(false, 1) == false);
  BOOST_TEST(only(store, read_profile{ann_at, false, 1, true}).is_longer);
  BOOST_CHECK(!only(store, read_profile{ann_at, true}).result_exists);
  only(store, write_list{"ann", ann_at.timestamp, "[]", false});
  BOOST_CHECK(exists(true, 0) == true);
  BOOST_CHECK(exists(false, 1) == true);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(also_stores_a_list_under_the_timestamp_of_the_profile, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  only(store, write_list{"ann", "", "[\"1\"]"});
  BOOST_TEST(store.key_count().value() == 1U);
  only(store, write_list{"ann", "1700000000", "[\"2\"]"});
  BOOST_TEST(store.key_count().value() == 2U);
  BOOST_TEST(only(store, read_list{"ann"}).value.value() == "[\"2\"]");
  only(store, write_list{"ann", "", "[\"3\"]"});
  BOOST_TEST(only(store, read_list{"ann", "1700000000"}).value.value() == "[\"2\"]");
  BOOST_TEST(!only(store, read_list{"ann", "1700000001"}).value.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(erases_a_profile_and_nothing_else, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  only(store, write_profile{ann, "[]"});
  only(store, write_profile{ann_at, "[]"});
  only(store, write_list{"ann", "", "[]"});
  only(store, erase_profile{ann});
  only(store, erase_profile{ann});
  BOOST_TEST(!only(store, read_profile{ann}).value.has_value());
  BOOST_TEST(only(store, read_profile{ann_at}).value.has_value());
  BOOST_TEST(only(store, read_list{"ann"}).value.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_records_of_events_until_they_are_removed_with_the_profile, Backend,
                              backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  BOOST_TEST(!only(store, read_events{"ann"}).value.has_value());
  only(store, write_profile{ann, "[]"});
  only(store, write_events{"ann", "record"});
  BOOST_TEST(only(store, read_events{"ann"}).value.value() == "record");
  BOOST_TEST(!only(store, read_events{"bob"}).value.has_value());
  BOOST_TEST(only(store, read_profile{ann}).value.value() == "[]");
  only(store, erase_profile{ann});
  BOOST_TEST(only(store, read_events{"ann"}).value.value() == "record");
  only(store, erase_profile{ann, true});
  BOOST_TEST(!only(store, read_events{"ann"}).value.has_value());
  only(store, erase_profile{ann, true});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(answers_a_pipeline_in_order, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  std::vector<store_command> commands;
  for (int i = 0; i < 1000; ++i) {
    const auto user = std::to_string(i);
    commands.emplace_back(write_profile{{user, ""}, '[' + user + ']'});
    commands.emplace_back(read_profile{{user, ""}, true});
    commands.emplace_back(write_list{user, "1700000000", "[]"});
    commands.emplace_back(read_list{user});
  }
  const auto replies = store.execute(commands);
  BOOST_REQUIRE(replies.size() == commands.size());
  for (std::size_t i = 0; i < 1000; ++i) {
    BOOST_TEST(replies[4 * i + 1]->value.value() == '[' + std::to_string(i) + ']');
    BOOST_TEST(!replies[4 * i + 1]->list_exists);
    BOOST_TEST(replies[4 * i + 3]->value.value() == "[]");
  }
  BOOST_TEST(store.key_count().value() == 3000U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(executes_an_empty_pipeline, Backend, backends) {
  Backend backend;
  BOOST_TEST(backend.handles.store->execute({}).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(refuses_only_the_value_that_is_too_large, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  const auto limit = profile_limits{}.max_bytes;
  only(store, write_profile{{"full", ""}, std::string(limit, ' ')});
  only(store, write_profile{{"over", ""}, std::string(limit + 1, ' ')});
  only(store, write_profile{ann, "[]"});
  const std::vector<store_command> reads{read_profile{{"over", ""}, true}, read_profile{{"full", ""}},
                                         read_profile{ann}};
  const auto replies = store.execute(reads);
  BOOST_REQUIRE(!replies[0].has_value());
  BOOST_TEST(to_string(replies[0].error().cause) == to_string(fault::too_large));
  BOOST_TEST(replies[0].error().message == "user_profile:over: more than 16777216 bytes");
  BOOST_TEST(replies[1]->value->size() == limit);
  BOOST_TEST(replies[2]->value.value() == "[]");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(says_of_a_value_that_is_longer_than_asked_for_only_that, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  only(store, write_profile{{"over", ""}, std::string(6, ' ')});
  only(store, write_profile{{"full", ""}, std::string(5, ' ')});
  const std::vector<store_command> reads{read_profile{{"over", ""}, true, 5},
                                         read_profile{{"full", ""}, true, 5}, read_profile{ann, false, 5}};
  const auto replies = store.execute(reads);
  BOOST_TEST(replies[0]->is_longer);
  BOOST_TEST(!replies[0]->value.has_value());
  BOOST_TEST(!replies[1]->is_longer);
  BOOST_TEST(replies[1]->value->size() == 5U);
  BOOST_TEST(!replies[2]->is_longer);
  BOOST_TEST(!replies[2]->value.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(scans_a_family_page_by_page, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  std::vector<store_command> commands;
  std::set<std::string> profiles;
  for (int i = 0; i < 2500; ++i) {
    const profile_key key{std::to_string(i), i % 2 == 0 ? "" : "1700000000"};
    profiles.insert(to_redis_key(key));
    commands.emplace_back(write_profile{key, "[]"});
    commands.emplace_back(write_list{key.user_id, key.timestamp, "[]"});
  }
  store.execute(commands);
  const auto found = all_keys(store, key_family::profiles, 100);
  BOOST_TEST((std::set<std::string>(found.begin(), found.end()) == profiles));
  const auto lists = all_keys(store, key_family::recommendations, 1000);
  BOOST_TEST(std::set<std::string>(lists.begin(), lists.end()).size() == 2500U);
  BOOST_TEST(lists.count("recommendations:7") >= 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_scan_finds_all_keys_that_exist_throughout, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  const auto key = [](const char* kind, int i) { return profile_key{kind + std::to_string(i), ""}; };
  for (int i = 0; i < 300; ++i) {
    only(store, write_profile{key("kept", i), "[]"});
    only(store, write_profile{key("removed", i), "[]"});
  }
  std::set<std::string> found;
  std::uint64_t cursor = 0;
  int round = 0;
  do {
    const auto page = store.scan(key_family::profiles, cursor, 10);
    BOOST_REQUIRE(page.has_value());
    found.insert(page->keys.begin(), page->keys.end());
    cursor = page->next;
    for (int i = 0; i < 5 && round < 60; ++i) {
      only(store, erase_profile{key("removed", round * 5 + i)});
      only(store, write_profile{key("added", round * 5 + i), "[]"});
    }
    ++round;
  } while (cursor != 0);
  for (int i = 0; i < 300; ++i)
    BOOST_TEST(found.count(to_redis_key(key("kept", i))) == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(scans_an_empty_store, Backend, backends) {
  Backend backend;
  BOOST_TEST(all_keys(*backend.handles.store, key_family::profiles, 0).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(counts_keys_and_answers_a_ping, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(store.key_count().value() == 0U);
  only(store, write_profile{ann, "[]"});
  BOOST_TEST(store.key_count().value() == 1U);
  BOOST_TEST(store.state().connected);
  BOOST_TEST(store.state().connects == 1U);
  BOOST_TEST(store.state().failures == 0U);
  BOOST_TEST(store.state().last_error == "");
}

BOOST_AUTO_TEST_SUITE_END()
