// Behaviour that needs a real server: log-in, sockets, databases, wrong types, restarts.

#include "redis/store/redis_store.hpp"
#include "redis/store_factory.hpp"
#include "store_settings_for.hpp"
#include "support/free_port.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

std::string cause_of(const result<void>& outcome) {
  return std::string(outcome ? "none" : to_string(outcome.error().cause));
}

std::string cause_of(const store_reply& outcome) {
  return std::string(outcome ? "none" : to_string(outcome.error().cause));
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const profile_key ann{"ann", ""};

struct fixture {
  test::redis_server server;
  store_settings settings = test::settings_for(server);
};

} // namespace

BOOST_AUTO_TEST_SUITE(redis_store_suite)

BOOST_FIXTURE_TEST_CASE(uses_the_keys_of_the_contract, fixture) {
  redis_store store(settings);
  const std::vector<store_command> commands{write_profile{{"ann", "1700000000"}, "[\"1\"]"},
                                            write_profile{ann, "[\"2\"]"},
                                            write_list{"ann", "1700000000", "[\"3\"]"}};
  store.execute(commands);
  BOOST_TEST(server.call({"GET", "user_profile:ann:1700000000"}) == "[\"1\"]");
  BOOST_TEST(server.call({"GET", "user_profile:ann"}) == "[\"2\"]");
  BOOST_TEST(server.call({"GET", "recommendations:ann"}) == "[\"3\"]");
  BOOST_TEST(server.call({"GET", "recommendation_result:ann:1700000000"}) == "[\"3\"]");
}

BOOST_FIXTURE_TEST_CASE(a_wrong_type_affects_only_its_own_command, fixture) {
  server.call({"LPUSH", "user_profile:list", "1"});
  server.call({"SET", "user_profile:ann", "[]"});
  redis_store store(settings);
  const std::vector<store_command> commands{read_profile{{"list", ""}, true}, read_profile{ann, true},
                                            write_profile{{"list", ""}, "[]"}, read_profile{{"list", ""}}};
  const auto replies = store.execute(commands);
  BOOST_TEST(cause_of(replies[0]) == "conflict");
  BOOST_TEST(mentions(replies[0].error().message, "user_profile:list: WRONGTYPE"));
  BOOST_TEST(replies[1]->value.value() == "[]");
  BOOST_TEST(replies[3]->value.value() == "[]");
  BOOST_TEST(store.state().connects == 1U);
}

BOOST_FIXTURE_TEST_CASE(never_sends_keys, fixture) {
  auto handles = open_store(settings).value();
  BOOST_TEST(handles.changes->wait(20s).has_value());
  const std::vector<store_command> commands{write_profile{ann, "[]"}, read_profile{ann, true},
                                            read_list{"ann"}, write_list{"ann", "1700000000", "[]"},
                                            erase_profile{ann}};
  handles.store->execute(commands);
  BOOST_TEST(handles.store->scan(key_family::profiles, 0, 100).has_value());
  BOOST_TEST(handles.store->key_count().has_value());
  const auto stats = server.call({"INFO", "commandstats"});
  BOOST_TEST(!mentions(stats, "cmdstat_keys:"), stats);
  BOOST_TEST(mentions(stats, "cmdstat_scan:"));
}

BOOST_FIXTURE_TEST_CASE(names_itself_to_the_server, fixture) {
  redis_store store(settings);
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(mentions(server.call({"CLIENT", "LIST"}), "name=winnow "));
}

BOOST_FIXTURE_TEST_CASE(connects_through_a_unix_socket, fixture) {
  settings.address.transport = store_address::kind::unix_socket;
  settings.address.path = server.socket_path();
  redis_store store(settings);
  const store_command write = write_profile{ann, "[]"};
  BOOST_TEST(cause_of(store.execute({&write, 1})[0]) == "none");
  BOOST_TEST(server.call({"GET", "user_profile:ann"}) == "[]");
}

BOOST_FIXTURE_TEST_CASE(uses_the_configured_database, fixture) {
  settings.address.database = 3;
  redis_store store(settings);
  const store_command write = write_profile{ann, "[]"};
  store.execute({&write, 1});
  BOOST_TEST(server.call({"GET", "user_profile:ann"}) == "(nil)");
  BOOST_TEST(store.key_count().value() == 1U);
  BOOST_TEST(mentions(server.call({"INFO", "keyspace"}), "db3:keys=1"));
}

BOOST_FIXTURE_TEST_CASE(reports_a_database_that_does_not_exist, fixture) {
  settings.address.database = 99;
  redis_store store(settings);
  const auto ping = store.probe();
  BOOST_TEST(cause_of(ping) == "invalid_argument");
  BOOST_TEST(mentions(ping.error().message, "SELECT 99"));
}

BOOST_AUTO_TEST_CASE(logs_in_with_a_password) {
  const test::redis_server server({"--requirepass", "right secret"});
  auto settings = test::settings_for(server);
  settings.address.password = "right secret";
  redis_store store(settings);
  BOOST_TEST(store.probe().has_value());
}

BOOST_AUTO_TEST_CASE(is_denied_with_a_wrong_or_missing_password_and_never_shows_it) {
  const test::redis_server server({"--requirepass", "right"});
  auto settings = test::settings_for(server);
  settings.reconnect_min = settings.reconnect_max = 1h;
  BOOST_TEST(cause_of(redis_store(settings).probe()) == "denied");

  settings.address.password = "wr0ng";
  redis_store store(settings);
  const auto first = store.probe();
  BOOST_TEST(cause_of(first) == "denied");
  BOOST_TEST(mentions(first.error().message, "WRONGPASS"));
  const auto within_the_pause = store.probe();
  BOOST_TEST(cause_of(within_the_pause) == "denied");
  BOOST_TEST(mentions(within_the_pause.error().message, "next attempt in"));
  const auto state = store.state();
  BOOST_TEST(!state.connected);
  BOOST_TEST(state.failures == 1U);
  for (const auto& text :
       {first.error().message, within_the_pause.error().message, state.last_error, state.address})
    BOOST_TEST(!mentions(text, "wr0ng"), text);
}

BOOST_AUTO_TEST_CASE(logs_in_as_a_user_and_reports_missing_permissions) {
  const test::redis_server server;
  server.call({"ACL", "SETUSER", "reader", "on", ">pw", "~user_profile:*", "+@read", "-client"});
  auto settings = test::settings_for(server);
  settings.address.user = "reader";
  settings.address.password = "pw";
  server.call({"SET", "user_profile:ann", "[]"});
  redis_store store(settings);
  const std::vector<store_command> commands{read_profile{ann}, write_profile{ann, "[1]"}, read_list{"ann"}};
  const auto replies = store.execute(commands);
  BOOST_REQUIRE_MESSAGE(replies[0].has_value(), (replies[0] ? "" : replies[0].error().message));
  BOOST_TEST(replies[0]->value.value() == "[]");
  BOOST_TEST(cause_of(replies[1]) == "denied");
  BOOST_TEST(mentions(replies[1].error().message, "user_profile:ann: NOPERM"));
  BOOST_TEST(cause_of(replies[2]) == "denied");
}

BOOST_AUTO_TEST_CASE(reports_a_server_that_is_out_of_memory) {
  const test::redis_server server({"--maxmemory", "1", "--maxmemory-policy", "noeviction"});
  redis_store store(test::settings_for(server));
  const std::vector<store_command> commands{write_profile{ann, "[]"}, read_profile{ann}};
  const auto replies = store.execute(commands);
  BOOST_TEST(cause_of(replies[0]) == "overloaded");
  BOOST_TEST(cause_of(replies[1]) == "none");
}

BOOST_AUTO_TEST_CASE(reconnects_after_a_write_to_a_replica) {
  const test::redis_server server({"--replicaof", "127.0.0.1", std::to_string(test::free_port())});
  redis_store store(test::settings_for(server));
  const std::vector<store_command> commands{write_profile{ann, "[]"}, read_profile{ann}};
  for (std::uint64_t round = 1; round <= 3; ++round) {
    const auto replies = store.execute(commands);
    BOOST_TEST(cause_of(replies[0]) == "unavailable");
    BOOST_TEST(mentions(replies[0].error().message, "READONLY"));
    BOOST_TEST(cause_of(replies[1]) == "none");
    BOOST_TEST(store.state().connects == round);
  }
  BOOST_TEST(store.state().failures == 0U);
}

BOOST_AUTO_TEST_CASE(fails_at_once_within_a_pause_and_states_when_it_retries) {
  auto now = backoff::clock::time_point{};
  auto settings = test::settings_for_port(test::free_port());
  redis_store store(settings, backoff(
                                  100ms, 5s, [&] { return now; }, [] { return 0.0; }));
  BOOST_TEST(cause_of(store.probe()) == "unavailable");
  BOOST_TEST(store.state().failures == 1U);
  const std::vector<store_command> commands{read_profile{ann}, read_list{"ann"}};
  const auto replies = store.execute(commands);
  BOOST_REQUIRE(replies.size() == 2U);
  for (const auto& reply : replies) {
    BOOST_TEST(cause_of(reply) == "unavailable");
    BOOST_TEST(mentions(reply.error().message, "next attempt in 100 ms"), reply.error().message);
  }
  BOOST_TEST(store.state().failures == 1U);
  now += 100ms;
  BOOST_TEST(cause_of(store.probe()) == "unavailable");
  BOOST_TEST(store.state().failures == 2U);
  BOOST_TEST(mentions(store.scan(key_family::profiles, 0, 10).error().message, "next attempt in 200 ms"));
}

BOOST_FIXTURE_TEST_CASE(finds_a_server_that_starts_later, fixture) {
  server.stop();
  redis_store store(settings);
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(!store.state().connected);
  BOOST_TEST(store.state().last_error != "");
  server.start();
  BOOST_TEST(test::wait_until([&] { return store.probe().has_value(); }));
  BOOST_TEST(store.state().connected);
  BOOST_TEST(store.state().connects == 1U);
}

BOOST_FIXTURE_TEST_CASE(loses_no_command_if_an_idle_connection_breaks, fixture) {
  redis_store store(settings);
  BOOST_TEST(store.probe().has_value());
  server.restart();
  BOOST_TEST(store.probe().has_value());
  server.call({"CLIENT", "KILL", "TYPE", "normal"});
  BOOST_TEST(store.key_count().value() == 0U);
  BOOST_TEST(store.state().connects == 3U);
  BOOST_TEST(store.state().failures == 2U);
}

BOOST_FIXTURE_TEST_CASE(logs_in_again_after_a_reconnection, fixture) {
  settings.address.database = 3;
  redis_store store(settings);
  BOOST_TEST(store.probe().has_value());
  server.call({"CLIENT", "KILL", "TYPE", "normal"});
  const store_command write = write_profile{ann, "[]"};
  store.execute({&write, 1});
  BOOST_TEST(mentions(server.call({"INFO", "keyspace"}), "db3:keys=1"));
  BOOST_TEST(mentions(server.call({"CLIENT", "LIST"}), "name=winnow "));
}

BOOST_FIXTURE_TEST_CASE(times_out_on_a_server_that_hangs_and_recovers, fixture) {
  settings.command_timeout = 100ms;
  redis_store store(settings);
  BOOST_TEST(store.probe().has_value());
  server.freeze();
  const std::vector<store_command> commands{read_profile{ann}, read_list{"ann"}};
  for (const auto& reply : store.execute(commands)) {
    BOOST_TEST(cause_of(reply) == "timeout");
    BOOST_TEST(mentions(reply.error().message, ":ann: "), reply.error().message);
  }
  BOOST_TEST(!store.state().connected);
  server.thaw();
  BOOST_TEST(test::wait_until([&] { return store.probe().has_value(); }));
}

BOOST_AUTO_TEST_CASE(reports_the_address_that_it_cannot_reach) {
  auto settings = test::settings_for_port(1);
  settings.address.host = "no-such-host.invalid";
  BOOST_TEST(cause_of(redis_store(settings).probe()) == "unavailable");
  settings.address.transport = store_address::kind::unix_socket;
  settings.address.path = "/nowhere/redis.sock";
  const auto ping = redis_store(settings).probe();
  BOOST_TEST(cause_of(ping) == "unavailable");
  BOOST_TEST(mentions(ping.error().message, "/nowhere/redis.sock"));
  settings.address.path = "/" + std::string(500, 'x');
  BOOST_TEST(!redis_store(settings).probe().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
