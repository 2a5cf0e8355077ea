// What a server that answers does for the daemon, with real servers that deny, load, are busy or are a node
// of a cluster: the state names the reason, and forgets it by itself once it is gone.

#include "redis/store_factory.hpp"
#include "restricted_store.hpp"
#include "support/free_port.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

using namespace winnow;
using namespace std::chrono_literals;
using namespace winnow::test;

namespace {

/// Probes until the trouble contains the text.
bool comes_to(redis_store& store, store_need need, const std::string& text) {
  return test::wait_until([&] {
    static_cast<void>(store.probe());
    return mentions(trouble_of(store, need), text);
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(service_suite)

BOOST_AUTO_TEST_CASE(works_with_the_commands_of_the_python_service) {
  restricted shop("+get +set +keys");
  redis_store store(shop.settings);
  const std::vector<store_command> commands{read_profile{ann, true}, read_profile{{"bob", ""}, true},
                                            read_list{"ann"}};
  for (int round = 0; round < 2; ++round) { // the second one knows the dialect
    const auto replies = store.execute(commands);
    for (const auto& reply : replies)
      BOOST_REQUIRE_MESSAGE(reply.has_value(), (reply ? "" : reply.error().message));
    BOOST_TEST(replies[0]->value.value() == "[\"1\"]");
    BOOST_TEST(replies[0]->list_exists);
    BOOST_TEST(!replies[1]->value.has_value());
    BOOST_TEST(!replies[1]->list_exists);
    BOOST_TEST(replies[2]->value.value() == "[\"2\"]");
  }
  BOOST_TEST(run(store, write_list{"ann", "", "[\"3\"]"}).has_value());
  static_cast<void>(store.probe());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
}

BOOST_AUTO_TEST_CASE(asks_for_a_denied_command_only_once) {
  restricted shop("+get +set +scan");
  redis_store store(shop.settings);
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(run(store, read_profile{ann, true}).has_value());
  shop.allow("+getrange +exists");
  BOOST_TEST(run(store, read_profile{ann, true}).has_value());
  BOOST_TEST(!mentions(shop.server.call({"INFO", "commandstats"}), "cmdstat_getrange:calls=2"));
}

BOOST_AUTO_TEST_CASE(asks_for_a_result_with_get_where_exists_is_denied) {
  restricted shop("+get +set +scan");
  const profile_key timed{"ann", "1700000000"};
  redis_store store(shop.settings);
  BOOST_TEST(run(store, write_profile{timed, "[]"}).has_value());
  for (int round = 0; round < 2; ++round) { // the second one knows the dialect
    BOOST_CHECK(run(store, read_profile{timed, true, 0, true}).value().result_exists == (round > 0));
    BOOST_TEST(run(store, write_list{"ann", timed.timestamp, "[]"}).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_result_that_may_not_be_asked_for_is_neither_there_nor_missing) {
  restricted shop("+@all resetkeys ~user_profile:* ~recommendations:*");
  redis_store store(shop.settings);
  BOOST_TEST(run(store, write_profile{{"ann", "1700000000"}, "[]"}).has_value());
  const auto found = run(store, read_profile{{"ann", "1700000000"}, true, 0, true});
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(!found->result_exists.has_value());
}

BOOST_AUTO_TEST_CASE(an_unknown_command_is_like_a_denied_one) {
  const test::redis_server server({"--rename-command", "GETRANGE", "", "--rename-command", "EXISTS", ""});
  server.call({"SET", "user_profile:ann", "[]"});
  redis_store store(test::settings_for(server));
  BOOST_TEST(run(store, read_profile{ann, true}).value().value.value() == "[]");
  BOOST_TEST(store.probe().has_value());
}

BOOST_AUTO_TEST_CASE(names_the_denied_command_the_user_and_what_is_needed) {
  restricted shop("+set +scan");
  redis_store store(shop.settings);
  const auto failed = store.probe();
  BOOST_REQUIRE(!failed);
  const std::string reason = "Redis denies GET to user old; needed: GET SET SCAN";
  BOOST_TEST(trouble_of(store, store_need::reading) == reason);
  BOOST_TEST(mentions(says(store, store_need::reading), "GET: NOPERM"), says(store, store_need::reading));
  BOOST_TEST(failed.error().public_message == reason);
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
  BOOST_TEST(store.state().connected);

  shop.allow("+get");
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
}

BOOST_AUTO_TEST_CASE(a_denied_scan_concerns_listing_alone) {
  restricted shop("+get +set +getrange +exists");
  redis_store store(shop.settings);
  BOOST_TEST(!store.scan(key_family::profiles, 0, 10).has_value());
  BOOST_TEST(trouble_of(store, store_need::listing) == "Redis denies SCAN to user old; needed: GET SET SCAN");
  BOOST_TEST(run(store, read_profile{ann}).has_value());
  BOOST_TEST(run(store, write_list{"ann", "", "[]"}).has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
  shop.allow("+scan");
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::listing) == "none");
}

BOOST_AUTO_TEST_CASE(follows_real_commands_without_a_probe) {
  restricted shop("+get +getrange +scan");
  redis_store store(shop.settings);
  BOOST_TEST(!run(store, write_list{"ann", "", "[]"}).has_value());
  BOOST_TEST(mentions(trouble_of(store, store_need::storing), "Redis denies SET to user old"));
  shop.allow("+set");
  BOOST_TEST(run(store, write_list{"ann", "", "[]"}).has_value());
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
}

BOOST_AUTO_TEST_CASE(reports_a_busy_script) {
  const test::redis_server server({"--lua-time-limit", "1"});
  redis_store store(test::settings_for(server));
  BOOST_TEST(store.probe().has_value());
  std::thread script([&] { server.call({"EVAL", "while true do redis.call('GET', 'a') end", "0"}); });
  for (const auto need : {store_need::reading, store_need::storing, store_need::listing})
    BOOST_TEST(comes_to(store, need, "Redis is busy with a script"), trouble_of(store, need));
  BOOST_TEST(server.call({"SCRIPT", "KILL"}) == "OK");
  script.join();
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
}

BOOST_AUTO_TEST_CASE(reports_a_server_that_loads_its_data) {
  test::redis_server server({"--loading-process-events-interval-bytes", "1024"});
  server.call({"EVAL", "for i = 1, 1000 do redis.call('SET', 'key' .. i, string.rep('x', 100)) end", "0"});
  BOOST_TEST(server.call({"SAVE"}) == "OK");
  redis_store store(test::settings_for(server));
  BOOST_TEST(store.probe().has_value());
  server.add_arguments({"--key-load-delay", "4000"}); // microseconds a key
  server.restart();
  BOOST_TEST(comes_to(store, store_need::reading, "Redis is loading its data"));
  BOOST_TEST(!run(store, read_profile{ann}).has_value());
  server.call({"CONFIG", "SET", "key-load-delay", "0"});
  BOOST_TEST(comes_to(store, store_need::reading, "none"));
  BOOST_TEST(run(store, read_profile{ann}).has_value());
}

BOOST_AUTO_TEST_CASE(reports_a_node_of_a_cluster_though_it_serves_some_keys) {
  const auto node = [] {
    return std::make_unique<test::redis_server>(
        std::vector<std::string>{"--cluster-enabled", "yes", "--cluster-require-full-coverage", "no",
                                 "--cluster-port", std::to_string(test::free_port())});
  };
  const auto one = node();
  const auto other = node();
  one->call({"CLUSTER", "ADDSLOTSRANGE", "0", "8191"});
  other->call({"CLUSTER", "ADDSLOTSRANGE", "8192", "16383"});
  const auto bus = other->call({"CONFIG", "GET", "cluster-port"});
  one->call({"CLUSTER", "MEET", "127.0.0.1", std::to_string(other->port()),
             bus.substr(bus.find('\n') + 1, bus.rfind('\n') - bus.find('\n') - 1)});
  redis_store store(test::settings_for(*one));
  BOOST_TEST(comes_to(store, store_need::reading, "Redis is a node of a cluster"));
  BOOST_TEST(mentions(says(store, store_need::reading), "MOVED"));
  BOOST_TEST(comes_to(store, store_need::storing, "Redis is a node of a cluster"));
  // Whatever the keys that it serves.
  for (int i = 0; i < 20; ++i)
    static_cast<void>(run(store, read_profile{{std::to_string(i), ""}}));
  BOOST_TEST(mentions(trouble_of(store, store_need::reading), "Redis is a node of a cluster"));
}

BOOST_AUTO_TEST_CASE(a_cluster_of_one_node_serves) {
  const test::redis_server server(
      {"--cluster-enabled", "yes", "--cluster-port", std::to_string(test::free_port())});
  redis_store store(test::settings_for(server));
  BOOST_TEST(comes_to(store, store_need::reading, "the Redis cluster is down"));
  server.call({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"});
  BOOST_TEST(comes_to(store, store_need::reading, "none"));
  BOOST_TEST(comes_to(store, store_need::storing, "none"));
}

BOOST_AUTO_TEST_CASE(reports_a_replica_and_full_memory) {
  const test::redis_server server;
  redis_store store(test::settings_for(server));
  server.call({"REPLICAOF", "127.0.0.1", std::to_string(test::free_port())});
  static_cast<void>(store.probe());
  BOOST_TEST(mentions(trouble_of(store, store_need::storing), "Redis is a replica"));
  BOOST_TEST(trouble_of(store, store_need::reading) == "none");
  server.call({"REPLICAOF", "NO", "ONE"});
  server.call({"CONFIG", "SET", "maxmemory", "1"});
  BOOST_TEST(comes_to(store, store_need::storing, "Redis is out of memory"));
  server.call({"CONFIG", "SET", "maxmemory", "0"});
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(trouble_of(store, store_need::storing) == "none");
}

BOOST_AUTO_TEST_CASE(a_server_that_leaves_writes_unanswered_is_not_connected) {
  const test::redis_server server;
  auto settings = test::settings_for(server);
  settings.command_timeout = 200ms;
  redis_store store(settings);
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(server.call({"CLIENT", "PAUSE", "600000", "WRITE"}) == "OK");
  BOOST_TEST(!store.probe().has_value());
  for (int round = 0; round < 3; ++round) {
    const auto connects = store.state().connects;
    // Each new connection reads, which says nothing of writes.
    BOOST_TEST(test::wait_until([&] { return run(store, read_profile{ann}).has_value(); }));
    BOOST_TEST(store.state().connects == connects + 1);
    BOOST_TEST(!store.state().connected);
    BOOST_TEST(!store.probe().has_value());
    BOOST_TEST(!store.state().connected);
  }
  BOOST_TEST(server.call({"CLIENT", "UNPAUSE"}) == "OK");
  BOOST_TEST(test::wait_until([&] { return store.probe().has_value(); }));
  BOOST_TEST(store.state().connected);
}

BOOST_AUTO_TEST_CASE(commands_of_each_kind_confirm_a_new_connection) {
  test::redis_server server;
  auto settings = test::settings_for(server);
  settings.command_timeout = 200ms;
  redis_store store(settings);
  BOOST_TEST(store.probe().has_value());
  server.freeze();
  BOOST_TEST(!run(store, read_profile{ann}).has_value());
  server.thaw();
  BOOST_TEST(test::wait_until([&] { return run(store, read_profile{ann}).has_value(); }));
  BOOST_TEST(run(store, write_list{"ann", "", "[]"}).has_value());
  BOOST_TEST(!store.state().connected);
  BOOST_TEST(store.scan(key_family::profiles, 0, 10).has_value());
  BOOST_TEST(store.state().connected);
}

BOOST_AUTO_TEST_CASE(a_probe_changes_nothing) {
  const test::redis_server server;
  auto handles = open_store(test::settings_for(server)).value();
  BOOST_TEST(handles.changes->wait(20s).has_value());
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(handles.store->probe().has_value());
  BOOST_TEST(server.call({"DBSIZE"}) == "0");
  BOOST_TEST(mentions(server.call({"INFO", "persistence"}), "rdb_changes_since_last_save:0"));
  server.call({"SET", "user_profile:ann", "[]"});
  const auto batch = handles.changes->wait(20s);
  BOOST_REQUIRE(batch.has_value());
  BOOST_TEST(batch->changed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(clients_are_told_nothing_that_the_server_says_of_itself) {
  test::redis_server server;
  server.call({"SET", "user_profile:ann", "[]"});
  server.call({"LPUSH", "user_profile:list", "1"});
  auto settings = test::settings_for(server);
  settings.command_timeout = 200ms;
  redis_store store(settings);
  BOOST_TEST(run(store, read_profile{{"list", ""}}).error().public_message ==
             "user_profile:list: the key holds another type than a string");
  server.call({"CONFIG", "SET", "maxmemory", "1"});
  BOOST_TEST(run(store, write_list{"ann", "", "[]"}).error().public_message ==
             "recommendations:ann: Redis is out of memory");
  server.freeze();
  BOOST_TEST(run(store, read_profile{ann}).error().public_message ==
             "user_profile:ann: the profile store did not answer in time");
  server.thaw();
  server.stop();
  const auto unreachable = run(store, read_profile{ann}).error();
  BOOST_TEST(mentions(unreachable.message, "127.0.0.1"));
  BOOST_TEST(!mentions(public_text(unreachable), "127.0.0.1"), public_text(unreachable));
}

BOOST_AUTO_TEST_CASE(says_why_a_connection_is_refused) {
  const test::redis_server server({"--requirepass", "right"});
  auto settings = test::settings_for(server);
  settings.address.password = "wr0ng";
  redis_store store(settings);
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(store.state().refused_because == "AUTH: Redis rejects the user or the password");
}

BOOST_AUTO_TEST_CASE(says_that_a_busy_script_keeps_connections_out) {
  const test::redis_server server({"--lua-time-limit", "1"});
  redis_store store(test::settings_for(server));
  std::thread script([&] { server.call({"EVAL", "while true do redis.call('GET', 'a') end", "0"}); });
  BOOST_TEST(test::wait_until([&] { // until the script runs, new stores connect
    redis_store late(test::settings_for(server));
    return !late.probe() && late.state().refused_because == "CLIENT SETNAME: Redis is busy with a script";
  }));
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(store.state().refused_because == "CLIENT SETNAME: Redis is busy with a script");
  BOOST_TEST(server.call({"SCRIPT", "KILL"}) == "OK");
  script.join();
  BOOST_TEST(test::wait_until([&] { return store.probe().has_value(); }));
  BOOST_TEST(store.state().refused_because == "");
}

BOOST_AUTO_TEST_SUITE_END()
