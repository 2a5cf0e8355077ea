#include "redis/cluster/cluster_change_tracker.hpp"
#include "redis/cluster/key_slot.hpp"
#include "redis/cluster/slot_table.hpp"
#include "redis/connection/command_batch.hpp"
#include "redis/fleet/fleet_channel.hpp"
#include "redis/store/redis_store.hpp"
#include "redis/store_check.hpp"
#include "redis/store_factory.hpp"
#include "store_backends.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <thread>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

cluster_setup& shared() {
  return cluster_backend::setup();
}

struct fixture {
  fixture() { shared().clear(); }
};

std::string user(int number) {
  return "user-" + std::to_string(number);
}

bool works(profile_store& store, const store_command& command) {
  return store.execute({&command, 1}).front().has_value();
}

void write_profiles(profile_store& store, int count) {
  std::vector<store_command> commands;
  for (int i = 0; i < count; ++i)
    commands.emplace_back(write_profile{{user(i), ""}, "[" + std::to_string(i) + "]"});
  for (const auto& reply : store.execute(commands))
    BOOST_REQUIRE_MESSAGE(reply.has_value(), (reply ? "" : reply.error().message));
}

int wrong_profiles(profile_store& store, int count) {
  std::vector<store_command> commands;
  for (int i = 0; i < count; ++i)
    commands.emplace_back(read_profile{{user(i), ""}});
  const auto replies = store.execute(commands);
  int wrong = 0;
  for (int i = 0; i < count; ++i) {
    const auto& reply = replies[static_cast<std::size_t>(i)];
    wrong += !reply || reply->value != "[" + std::to_string(i) + "]" ? 1 : 0;
  }
  return wrong;
}

/// Follows the announcements until each of the users was announced.
bool are_announced(change_tracker& tracker, int count) {
  std::set<std::string> missing;
  for (int i = 0; i < count; ++i)
    missing.insert(user(i));
  return wait_until([&] {
    if (const auto batch = tracker.wait(100ms); batch)
      for (const auto& key : batch->changed)
        missing.erase(key.user_id);
    return missing.empty();
  });
}

/// Waits until the tracker follows all masters.
void follow(change_tracker& tracker) {
  BOOST_REQUIRE(wait_until([&] {
    const auto batch = tracker.wait(100ms);
    return batch && !batch->lost;
  }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(clusters)

BOOST_AUTO_TEST_CASE(keys_have_the_slots_that_redis_gives_them) {
  BOOST_TEST(slot_of("123456789") == 12739U);
  BOOST_TEST(slot_of("{user1000}.following") == slot_of("user1000"));
  BOOST_TEST(slot_of("user_profile:{ann}:1700000000") == slot_of("recommendations:{ann}"));
  for (const std::string key :
       {"", "a", "foo{}{bar}", "foo{{bar}}zap", "foo{bar", "}{", "user_profile:Jürgen"})
    BOOST_TEST(std::to_string(slot_of(key)) == shared().node(0).call({"CLUSTER", "KEYSLOT", key}), key);
}

BOOST_AUTO_TEST_CASE(commands_name_their_keys) {
  command_batch batch;
  batch.add({"GET", "a"});
  batch.add({"SCAN", "0"});
  batch.add({"HSET", "hash", "field", "value"});
  BOOST_TEST(batch.size() == 3U);
  BOOST_TEST(batch.key(0) == "a");
  BOOST_TEST(batch.key(1) == "");
  BOOST_TEST(batch.key(2) == "hash");
  BOOST_TEST(batch.command(0) == "*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
  BOOST_TEST(batch.command(1) == "*2\r\n$4\r\nSCAN\r\n$1\r\n0\r\n");
}

BOOST_AUTO_TEST_CASE(redirections_are_read) {
  const store_place asked{"10.0.0.1", 1};
  BOOST_TEST(to_string(parse_redirection("MOVED 3999 127.0.0.1:6381", asked).value()) == "127.0.0.1:6381");
  BOOST_TEST(to_string(parse_redirection("ASK 3999 :6381", asked).value()) == "10.0.0.1:6381");
  BOOST_TEST(to_string(parse_redirection("ASK 3999 ::1:6381", asked).value()) == "[::1]:6381");
  for (const char* text : {"", "MOVED", "MOVED 1 host", "MOVED 1 host:x", "MOVED 1 host:0"})
    BOOST_TEST(!parse_redirection(text, asked).has_value(), text);
}

BOOST_AUTO_TEST_CASE(the_places_to_ask_are_the_masters_and_the_configured_ones) {
  slot_table table;
  table.masters = {{"b", 1}, {"c", 1}};
  std::vector<store_place> places{{"gone", 1}, {"b", 1}, {"a", 1}, {"b", 2}};
  keep_places(table, {{"a", 1}}, places);
  BOOST_TEST((places == std::vector<store_place>{{"b", 1}, {"a", 1}, {"c", 1}}));
}

BOOST_FIXTURE_TEST_CASE(any_node_leads_to_all, fixture) {
  auto settings = shared().settings();
  settings.address.nodes = {{"127.0.0.1", 1}, {"127.0.0.1", shared().node(4).port()}}; // nobody, a replica
  redis_store store(settings);
  write_profiles(store, 100);
  BOOST_TEST(wrong_profiles(store, 100) == 0);
  BOOST_TEST(store.key_count().value() == 100U);
  BOOST_TEST(store.probe().has_value());
  for (auto* const master : shared().masters())
    BOOST_TEST(master->call({"DBSIZE"}) != "0");
}

BOOST_FIXTURE_TEST_CASE(hash_tags_keep_a_user_on_one_node, fixture) {
  redis_store store(shared().settings());
  only(store, write_profile{{"{ann}", "1700000000"}, "[1]"});
  only(store, write_list{"{ann}", "1700000000", "[2]"});
  auto& master = shared().master_of("user_profile:{ann}:1700000000");
  BOOST_TEST(master.call({"GET", "recommendations:{ann}"}) == "[2]");
  BOOST_TEST(master.call({"GET", "recommendation_result:{ann}:1700000000"}) == "[2]");
  BOOST_TEST(only(store, read_list{"{ann}"}).value.value() == "[2]");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_no_node_is_refused) {
  const redis_server plain;
  auto settings = shared().settings();
  settings.address.nodes = {{"127.0.0.1", plain.port()}};
  const auto probed = redis_store(settings).probe();
  BOOST_REQUIRE(!probed.has_value());
  BOOST_TEST(probed.error().message.find("cluster support disabled") != std::string::npos,
             probed.error().message);
}

BOOST_FIXTURE_TEST_CASE(follows_a_slot_that_is_being_moved, fixture) {
  redis_store store(shared().settings());
  const std::string key = "user_profile:{moving}";
  const auto masters = shared().masters();
  auto& source = shared().master_of(key);
  auto& target = masters[0] == &source ? *masters[1] : *masters[0];
  const auto slot = std::to_string(slot_of(key));
  only(store, write_profile{{"{moving}", ""}, "[0]"});
  BOOST_REQUIRE(target.call({"CLUSTER", "SETSLOT", slot, "IMPORTING", shared().id_of(source)}) == "OK");
  BOOST_REQUIRE(source.call({"CLUSTER", "SETSLOT", slot, "MIGRATING", shared().id_of(target)}) == "OK");
  BOOST_TEST(source.call({"MIGRATE", "127.0.0.1", std::to_string(target.port()), key, "0", "5000"}) == "OK");
  // The first is there already, the second is made there: Redis says ASK for both.
  BOOST_TEST(only(store, read_profile{{"{moving}", ""}}).value.value() == "[0]");
  only(store, write_profile{{"{moving}", "1700000000"}, "[1]"});
  BOOST_TEST(only(store, read_profile{{"{moving}", "1700000000"}}).value.value() == "[1]");
  for (auto* const node : {&target, &source})
    BOOST_REQUIRE(node->call({"CLUSTER", "SETSLOT", slot, "NODE", shared().id_of(target)}) == "OK");
  // Now it says MOVED.
  BOOST_TEST(only(store, read_profile{{"{moving}", ""}}).value.value() == "[0]");
  BOOST_TEST(only(store, read_profile{{"{moving}", "1700000000"}}).value.value() == "[1]");
  BOOST_TEST(store.state().connects == 1U);
  shared().await_order();
}

BOOST_FIXTURE_TEST_CASE(loses_nothing_while_slots_are_moved, fixture) {
  auto handles = open_store(shared().settings()).value();
  follow(*handles.changes);
  const auto masters = shared().masters();
  std::thread moving([&] {
    shared().run({"reshard", "127.0.0.1:" + std::to_string(masters[0]->port()), "--cluster-from",
                  shared().id_of(*masters[0]), "--cluster-to", shared().id_of(*masters[1]), "--cluster-slots",
                  "500", "--cluster-yes"});
  });
  constexpr int count = 1000;
  for (int i = 0; i < 5; ++i)
    write_profiles(*handles.store, count);
  moving.join();
  BOOST_TEST(wrong_profiles(*handles.store, count) == 0);
  BOOST_TEST(are_announced(*handles.changes, count));
  shared().await_order();
}

BOOST_FIXTURE_TEST_CASE(a_scan_that_could_miss_keys_is_broken_off, fixture) {
  redis_store store(shared().settings());
  write_profiles(store, 300);
  auto page = store.scan(key_family::profiles, 0, 10);
  BOOST_REQUIRE(page.has_value());
  const auto masters = shared().masters();
  shared().run({"reshard", "127.0.0.1:" + std::to_string(masters[0]->port()), "--cluster-from",
                shared().id_of(*masters[0]), "--cluster-to", shared().id_of(*masters[1]), "--cluster-slots",
                "5", "--cluster-yes"});
  while (page && page->next != 0)
    page = store.scan(key_family::profiles, page->next, 10);
  BOOST_REQUIRE(!page.has_value());
  BOOST_TEST((page.error().cause == fault::unavailable));
  std::set<std::string> keys;
  std::uint64_t cursor = 0;
  do {
    const auto again = store.scan(key_family::profiles, cursor, 100);
    BOOST_REQUIRE(again.has_value());
    keys.insert(again->keys.begin(), again->keys.end());
    cursor = again->next;
  } while (cursor != 0);
  BOOST_TEST(keys.size() == 300U);
  shared().await_order();
}

BOOST_FIXTURE_TEST_CASE(returns_after_the_death_of_a_master, fixture) {
  auto handles = open_store(shared().settings()).value();
  auto& store = *handles.store;
  follow(*handles.changes);
  write_profiles(store, 100);
  auto& dead = shared().master_of("user_profile:" + user(0));
  dead.stop();
  const store_command lost = write_profile{{user(0), ""}, "[0]"};
  BOOST_TEST(!works(store, lost));
  int served = 0;
  for (int i = 1; i < 100; ++i)
    served += works(store, read_profile{{user(i), ""}}) ? 1 : 0;
  BOOST_TEST(served > 0); // of the other masters
  BOOST_TEST(wait_until([&] { return works(store, lost); }));
  BOOST_TEST(wait_until([&] {
    const auto batch = handles.changes->wait(100ms);
    return batch && batch->lost;
  }));
  follow(*handles.changes);
  write_profiles(store, 100);
  BOOST_TEST(are_announced(*handles.changes, 100));
  dead.start();
  shared().await_order();
}

BOOST_FIXTURE_TEST_CASE(a_busy_node_is_named_with_its_reason, fixture) {
  const store_command read = read_profile{ann};
  auto& busy = shared().master_of(to_redis_key(ann));
  BOOST_REQUIRE(busy.call({"CONFIG", "SET", "lua-time-limit", "1"}) == "OK");
  redis_store store(shared().settings());
  BOOST_TEST(store.probe().has_value());
  std::thread script([&] { busy.call({"EVAL", "while true do end", "0"}); });
  const auto address = "127.0.0.1:" + std::to_string(busy.port());
  const auto reason = "the node " + address + " of the Redis cluster: Redis is busy with a script";
  const auto reports_it = [&](redis_store& asked) {
    return wait_until([&] {
      static_cast<void>(works(asked, read));
      const auto trouble = asked.state().troubles[static_cast<std::size_t>(store_need::reading)];
      return trouble && trouble->reason == reason && trouble->server_says.find("BUSY") != std::string::npos;
    });
  };
  BOOST_TEST(reports_it(store));
  redis_store late(shared().settings()); // is not let in by the node
  BOOST_TEST(reports_it(late));
  const auto refused = late.execute({&read, 1}).front();
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(refused.error().message.find(address) != std::string::npos, refused.error().message);
  BOOST_TEST(refused.error().public_message ==
             to_redis_key(ann) + ": a node of the Redis cluster: Redis is busy with a script");
  BOOST_TEST(busy.call({"SCRIPT", "KILL"}) == "OK");
  script.join();
  BOOST_TEST(wait_until([&] { return late.probe().has_value() && store.probe().has_value(); }));
  busy.call({"CONFIG", "SET", "lua-time-limit", "5000"});
  shared().await_order();
}

BOOST_FIXTURE_TEST_CASE(lists_end_as_those_of_the_last_profile, fixture) {
  // Two daemons; each computes a list again until it is that of the profile. They make no checks: Boost.Test
  // notes on each where it was.
  const auto compute = [](int passes) {
    redis_store store(shared().settings());
    const auto execute = [&](const store_command& command) {
      return store.execute({&command, 1}).front().value();
    };
    for (int i = 0; i < passes;) {
      const auto profile = execute(read_profile{ann}).value.value();
      write_list list{"ann", "", profile};
      list.only_if = fingerprint_of(profile);
      i += execute(list).stored ? 1 : 0;
    }
  };
  redis_store store(shared().settings());
  only(store, write_profile{ann, "[]"});
  std::thread first(compute, 300);
  std::thread second(compute, 300);
  for (int i = 0; i < 300; ++i)
    only(store, write_profile{ann, "[" + std::to_string(i) + "]"});
  first.join();
  second.join();
  compute(1);
  BOOST_TEST(only(store, read_list{"ann"}).value.value() == "[299]");
}

BOOST_FIXTURE_TEST_CASE(a_writer_that_yields_leaves_a_list_of_another_basis_alone, fixture) {
  redis_store store(shared().settings());
  only(store, write_profile{ann, R"(["b"])"});
  write_list list{"ann", "", R"(["1"])"};
  list.only_if = fingerprint_of(R"(["b"])");
  list.record = list_record{};
  list.record->basis = 1;
  list.yields = true;
  only(store, list); // there is no list yet
  BOOST_TEST(only(store, read_list{"ann"}).value.value() == R"(["1"])");
  list.json = R"(["2"])";
  list.record->basis = 2;
  BOOST_TEST(only(store, list).stored);
  BOOST_TEST(only(store, read_list{"ann"}).value.value() == R"(["1"])");
  list.yields = false;
  only(store, list);
  BOOST_TEST(only(store, read_list{"ann"}).value.value() == R"(["2"])");
}

BOOST_FIXTURE_TEST_CASE(a_fleet_meets_at_one_master_and_follows_its_slot, fixture) {
  fleet_channel a(shared().settings(), "shop", "a"), b(shared().settings(), "shop", "b");
  fleet_report report;
  report.models = "v1";
  const fleet_channel::part how;
  const auto takes = [&](fleet_channel& who, const std::string& key) {
    return wait_until([&] {
      if (!who.ask(10, 50ms))
        return false;
      const auto taken = who.arrived();
      return taken && taken->size() == 1 && taken->front().key == key;
    });
  };
  const auto fence = a.beat(report, how).value().fence;
  BOOST_TEST(fence > 0U);
  BOOST_TEST(b.beat(report, how).value().leader == "a");
  BOOST_TEST(a.enqueue(fence, {"k"}, 100).value().added == 1U);
  BOOST_TEST(takes(b, "k"));

  const auto key = fleet_keys("shop").changes;
  const auto masters = shared().masters();
  auto& source = shared().master_of(key);
  auto& target = masters[0] == &source ? *masters[1] : *masters[0];
  const auto slot = std::to_string(slot_of(key));
  BOOST_REQUIRE(target.call({"CLUSTER", "SETSLOT", slot, "IMPORTING", shared().id_of(source)}) == "OK");
  BOOST_REQUIRE(source.call({"CLUSTER", "SETSLOT", slot, "MIGRATING", shared().id_of(target)}) == "OK");
  const fleet_keys keys("shop");
  for (const auto& one : {keys.lease, keys.fence, keys.changes, keys.waiting, keys.members, keys.versions})
    source.call({"MIGRATE", "127.0.0.1", std::to_string(target.port()), one, "0", "5000"});
  for (auto* const node : {&target, &source})
    BOOST_REQUIRE(node->call({"CLUSTER", "SETSLOT", slot, "NODE", shared().id_of(target)}) == "OK");
  // A change that could not be added is found by a sweep; what matters is that the next ones are shared.
  BOOST_TEST(wait_until([&] {
    const auto seen = a.beat(report, how);
    const auto leads = seen && seen->fence > 0 ? a.enqueue(seen->fence, {"l"}, 100) : fleet_enqueued{};
    return leads && leads->done == 1;
  }));
  BOOST_TEST(takes(b, "l"));
  shared().await_order();
}

BOOST_FIXTURE_TEST_CASE(a_fleet_survives_the_node_that_led_to_it, fixture) {
  const auto masters = shared().masters();
  std::size_t first = 0;
  while (std::find(masters.begin(), masters.end(), &shared().node(first)) != masters.end())
    ++first; // a replica, which nobody misses
  auto settings = shared().settings();
  settings.address.nodes = {{"127.0.0.1", shared().node(first).port()}};
  fleet_channel channel(settings, "shop", "a");
  fleet_report report;
  report.models = "v1";
  BOOST_TEST(channel.beat(report, {}).has_value());
  shared().node(first).stop();
  shared().master_of(fleet_keys("shop").changes).call({"CLIENT", "KILL", "TYPE", "normal"});
  BOOST_TEST(wait_until([&] { return channel.beat(report, {}).has_value(); }));
  shared().node(first).start();
  shared().await_order();
}

BOOST_FIXTURE_TEST_CASE(the_check_of_rights_works, fixture) {
  const auto checks = check_store(shared().settings());
  BOOST_REQUIRE_MESSAGE(checks.has_value(), (checks ? "" : checks.error().message));
  for (const auto& one : *checks)
    BOOST_TEST(!one.failure.has_value(),
               one.command.name << ": " << (one.failure ? one.failure->message : ""));
}

BOOST_AUTO_TEST_SUITE_END()
