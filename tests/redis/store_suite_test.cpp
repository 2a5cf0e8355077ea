// One suite, unchanged against both stores: what actors may rely on, wherever the profiles are.

#include "redis/profile.hpp"
#include "redis/store_factory.hpp"
#include "store_settings_for.hpp"

#include <algorithm>
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct memory_backend {
  store_handles handles = open_store(test::memory_settings());
};

struct redis_backend {
  redis_backend() { server().call({"FLUSHALL"}); }

  static const test::redis_server& server() {
    static const test::redis_server shared;
    return shared;
  }

  store_handles handles = open_store(test::settings_for(server()));
};

using backends = boost::mpl::list<memory_backend, redis_backend>;

store_value only(profile_store& store, const store_command& command) {
  const auto replies = store.execute({&command, 1});
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_REQUIRE_MESSAGE(replies[0].has_value(), (replies[0] ? "" : replies[0].error().message));
  return *replies[0];
}

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

/// Waits until a batch brings `key`; what else comes does not matter.
bool announced(change_tracker& changes, const profile_key& key) {
  for (int i = 0; i < 20; ++i) {
    const auto batch = changes.wait(1s);
    if (batch && std::count(batch->changed.begin(), batch->changed.end(), key) > 0)
      return true;
  }
  return false;
}

void begin_tracking(change_tracker& changes) {
  const auto first = changes.wait(20s);
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(first->lost);
  BOOST_TEST(first->changed.empty());
  BOOST_TEST(changes.live());
}

const profile_key ann{"ann", ""};
const profile_key ann_at{"ann", "1700000000"};

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

BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_users_with_strange_ids_apart, Backend, backends) {
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
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tells_an_empty_value_from_a_missing_one, Backend, backends) {
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

BOOST_AUTO_TEST_CASE_TEMPLATE(tells_whether_a_list_is_stored, Backend, backends) {
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

BOOST_AUTO_TEST_CASE_TEMPLATE(stores_a_list_under_the_profiles_timestamp_as_well, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  only(store, write_list{"ann", "", "[\"1\"]"});
  BOOST_TEST(store.key_count().value() == 1U);
  only(store, write_list{"ann", "1700000000", "[\"2\"]"});
  BOOST_TEST(store.key_count().value() == 2U);
  BOOST_TEST(only(store, read_list{"ann"}).value.value() == "[\"2\"]");
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

BOOST_AUTO_TEST_CASE_TEMPLATE(executes_nothing_when_asked_for_nothing, Backend, backends) {
  Backend backend;
  BOOST_TEST(backend.handles.store->execute({}).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(refuses_a_value_that_is_too_large_without_harm_to_others, Backend, backends) {
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

BOOST_AUTO_TEST_CASE_TEMPLATE(finds_what_stays_while_others_come_and_go_during_a_scan, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  const auto key = [](const char* kind, int i) { return profile_key{kind + std::to_string(i), ""}; };
  for (int i = 0; i < 300; ++i) {
    only(store, write_profile{key("stays", i), "[]"});
    only(store, write_profile{key("goes", i), "[]"});
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
      only(store, erase_profile{key("goes", round * 5 + i)});
      only(store, write_profile{key("comes", round * 5 + i), "[]"});
    }
    ++round;
  } while (cursor != 0);
  for (int i = 0; i < 300; ++i)
    BOOST_TEST(found.count(to_redis_key(key("stays", i))) == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(scans_an_empty_store, Backend, backends) {
  Backend backend;
  BOOST_TEST(all_keys(*backend.handles.store, key_family::profiles, 0).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(counts_keys_and_answers_a_ping, Backend, backends) {
  Backend backend;
  auto& store = *backend.handles.store;
  BOOST_TEST(store.ping().has_value());
  BOOST_TEST(store.key_count().value() == 0U);
  only(store, write_profile{ann, "[]"});
  BOOST_TEST(store.key_count().value() == 1U);
  BOOST_TEST(store.state().connected);
  BOOST_TEST(store.state().connects == 1U);
  BOOST_TEST(store.state().failures == 0U);
  BOOST_TEST(store.state().last_error == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(asks_for_a_sweep_first_and_then_announces_profiles, Backend, backends) {
  Backend backend;
  auto& changes = *backend.handles.changes;
  begin_tracking(changes);
  only(*backend.handles.store, write_profile{ann_at, "[]"});
  BOOST_TEST(announced(changes, ann_at));
  only(*backend.handles.store, write_profile{ann, "[]"});
  BOOST_TEST(announced(changes, ann));
  only(*backend.handles.store, erase_profile{ann});
  BOOST_TEST(announced(changes, ann));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(announces_neither_lists_nor_reads, Backend, backends) {
  Backend backend;
  auto& changes = *backend.handles.changes;
  begin_tracking(changes);
  only(*backend.handles.store, write_list{"ann", "1700000000", "[]"});
  only(*backend.handles.store, read_profile{ann, true});
  only(*backend.handles.store, erase_profile{ann});
  only(*backend.handles.store, write_profile{{"last", ""}, "[]"});
  const auto batch = changes.wait(20s);
  BOOST_REQUIRE(batch.has_value());
  BOOST_TEST(!batch->lost);
  BOOST_REQUIRE(batch->changed.size() == 1U);
  BOOST_TEST(batch->changed[0].user_id == "last");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(returns_an_empty_batch_when_nothing_changes, Backend, backends) {
  Backend backend;
  begin_tracking(*backend.handles.changes);
  const auto batch = backend.handles.changes->wait(10ms);
  BOOST_REQUIRE(batch.has_value());
  BOOST_TEST(batch->changed.empty());
  BOOST_TEST(!batch->lost);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(announces_every_one_of_many_changes, Backend, backends) {
  Backend backend;
  auto& changes = *backend.handles.changes;
  begin_tracking(changes);
  constexpr int users = 20'000;
  std::thread writer([&] {
    std::vector<store_command> commands;
    commands.reserve(users);
    for (int i = 0; i < users; ++i)
      commands.emplace_back(write_profile{{std::to_string(i), ""}, "[]"});
    backend.handles.store->execute(commands);
  });
  std::set<std::string> seen;
  while (seen.size() < users) {
    const auto batch = changes.wait(20s);
    if (!batch || batch->lost || batch->changed.empty())
      break;
    for (const auto& key : batch->changed)
      seen.insert(key.user_id);
  }
  writer.join();
  BOOST_TEST(seen.size() == static_cast<std::size_t>(users));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wakes_a_waiting_tracker_from_another_thread, Backend, backends) {
  Backend backend;
  auto& changes = *backend.handles.changes;
  begin_tracking(changes);
  const store_command write = write_profile{ann, "[]"};
  std::thread writer([&] { backend.handles.store->execute({&write, 1}); });
  BOOST_TEST(announced(changes, ann));
  writer.join();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(memory_store_suite)

BOOST_AUTO_TEST_CASE(asks_for_a_sweep_when_nobody_took_its_announcements) {
  const auto handles = open_store(test::memory_settings());
  begin_tracking(*handles.changes);
  for (int i = 0; i < 100'001; ++i)
    only(*handles.store, write_profile{ann, "[]"});
  const auto batch = handles.changes->wait(0ms);
  BOOST_TEST(batch->lost);
  BOOST_TEST(batch->changed.empty());
}

BOOST_AUTO_TEST_CASE(keeps_stores_apart) {
  const auto one = open_store(test::memory_settings());
  const auto other = open_store(test::memory_settings());
  only(*one.store, write_profile{ann, "[]"});
  BOOST_TEST(!only(*other.store, read_profile{ann}).value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
