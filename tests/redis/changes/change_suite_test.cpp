// How changed profiles are announced. The same suite runs against all stores.

#include "store_backends.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

/// Waits until a batch contains `key`; ignores all other keys.
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
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_change_tracker)

BOOST_AUTO_TEST_CASE_TEMPLATE(asks_for_a_sweep_first_then_announces_profiles, Backend, backends) {
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

BOOST_AUTO_TEST_CASE_TEMPLATE(announces_each_of_a_thousand_changes, Backend, backends) {
  Backend backend;
  auto& changes = *backend.handles.changes;
  begin_tracking(changes);
  constexpr int count = 1000;
  std::set<std::string> missing;
  for (int i = 0; i < count; ++i)
    missing.insert("user-" + std::to_string(i));
  std::thread writer([&store = *backend.handles.store] { // without checks: they are made on one thread alone
    for (int i = 0; i < count; ++i) {
      const store_command write = write_profile{{"user-" + std::to_string(i), ""}, "[]"};
      store.execute({&write, 1});
    }
  });
  for (int i = 0; i < count && !missing.empty(); ++i) {
    const auto batch = changes.wait(1s);
    BOOST_CHECK(batch.has_value());
    for (const auto& key : batch ? batch->changed : std::vector<profile_key>{})
      missing.erase(key.user_id);
  }
  writer.join();
  BOOST_TEST(missing.empty());
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

BOOST_AUTO_TEST_CASE_TEMPLATE(announces_each_of_many_changes, Backend, backends) {
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

BOOST_AUTO_TEST_CASE(asks_for_a_sweep_if_its_announcements_are_not_collected) {
  const auto handles = open_store(memory_settings()).value();
  begin_tracking(*handles.changes);
  for (int i = 0; i < 100'001; ++i)
    only(*handles.store, write_profile{ann, "[]"});
  const auto batch = handles.changes->wait(0ms);
  BOOST_TEST(batch->lost);
  BOOST_TEST(batch->changed.empty());
}

BOOST_AUTO_TEST_CASE(separate_stores_share_nothing) {
  const auto one = open_store(memory_settings()).value();
  const auto other = open_store(memory_settings()).value();
  only(*one.store, write_profile{ann, "[]"});
  BOOST_TEST(!only(*other.store, read_profile{ann}).value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
