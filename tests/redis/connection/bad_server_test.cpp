// Servers that are silent, late, gone or send garbage: each command gets its own reply or an error, never the
// reply to another command.

#include "redis/store/redis_store.hpp"
#include "scripted_server.hpp"
#include "store_settings_for.hpp"
#include "support/wait_until.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;
using test::scripted_client;
using test::scripted_server;

namespace {

const profile_key ann{"ann", ""};
const profile_key bob{"bob", ""};

store_settings impatient(const scripted_server& server) {
  auto settings = test::settings_for_port(server.port());
  settings.command_timeout = 100ms;
  return settings;
}

std::vector<store_reply> read(redis_store& store, const std::vector<profile_key>& keys) {
  std::vector<store_command> commands;
  commands.reserve(keys.size());
  for (const auto& key : keys)
    commands.emplace_back(read_profile{key});
  return store.execute(commands);
}

std::string outcome_of(const store_reply& reply) {
  return reply ? reply->value.value_or("(nil)") : std::string(to_string(reply.error().cause));
}

/// Reads `key` until it gets a value. Attempts within a pause fail.
std::string read_eventually(redis_store& store, const profile_key& key) {
  std::string value;
  test::wait_until([&] {
    const auto reply = read(store, {key})[0];
    value = reply ? reply->value.value_or("(nil)") : reply.error().message;
    return reply.has_value();
  });
  return value;
}

std::string bulk(const std::string& value) {
  return "$" + std::to_string(value.size()) + "\r\n" + value + "\r\n";
}

/// Serves reads like a correct server. The value is the requested key.
void behave(scripted_client& client) {
  for (auto command = client.greet(); !command.empty(); command = client.read_command())
    client.write(command == "PING" ? "+PONG\r\n" : bulk(command.substr(command.find(' ') + 1)));
}

const std::string good_ann = "user_profile:ann 0 16777216";
const std::string good_bob = "user_profile:bob 0 16777216";

/// Misbehaves on the first connection and behaves on all others.
scripted_server::script on_first_connection(scripted_server::script misbehave) {
  return [misbehave = std::move(misbehave)](scripted_client& client) {
    client.number() == 1 ? misbehave(client) : behave(client);
  };
}

} // namespace

BOOST_AUTO_TEST_SUITE(bad_server_suite)

BOOST_AUTO_TEST_CASE(times_out_on_silence_and_ignores_the_late_reply) {
  std::atomic<bool> second_is_asked{false};
  scripted_server server([&](scripted_client& client) {
    client.greet();
    if (client.number() == 1) {
      test::wait_until([&] { return second_is_asked.load(); });
      client.write(bulk("late"));
      return;
    }
    second_is_asked = true;
    client.write(bulk("in time"));
    client.wait_for_hang_up();
  });
  redis_store store(impatient(server));
  BOOST_TEST(outcome_of(read(store, {ann})[0]) == "timeout");
  BOOST_TEST(!store.state().connected);
  BOOST_TEST(read_eventually(store, bob) == "in time");
  BOOST_TEST(store.state().connects == 2U);
}

BOOST_AUTO_TEST_CASE(gives_up_on_a_reply_that_only_trickles) {
  scripted_server server(on_first_connection([](scripted_client& client) {
    client.greet();
    // Each byte arrives well within the timeout; all of them would take forever.
    client.write("$1000000\r\n");
    std::atomic<bool> gone{false};
    std::thread reader([&] {
      client.wait_for_hang_up();
      gone = true;
    });
    while (!gone) {
      client.write("x");
      std::this_thread::sleep_for(5ms);
    }
    reader.join();
  }));
  redis_store store(impatient(server));
  BOOST_TEST(outcome_of(read(store, {ann})[0]) == "timeout");
  BOOST_TEST(read_eventually(store, bob) == good_bob);
}

BOOST_AUTO_TEST_CASE(waits_for_a_long_reply_while_it_arrives) {
  constexpr int parts = 10;
  scripted_server server([](scripted_client& client) {
    client.greet();
    client.write("$" + std::to_string(parts) + "\r\n");
    for (int i = 0; i < parts; ++i) {
      std::this_thread::sleep_for(50ms); // 500 ms in all
      client.write("x");
    }
    client.write("\r\n");
    client.wait_for_hang_up();
  });
  auto settings = impatient(server);
  settings.command_timeout = 400ms; // of silence
  redis_store store(settings);
  BOOST_TEST(outcome_of(read(store, {ann})[0]) == "xxxxxxxxxx");
}

/// Collects until the number of replies has come.
std::vector<finished_commands> collect(redis_store& store, std::size_t wanted) {
  std::vector<finished_commands> all;
  test::wait_until([&] {
    for (auto& one : store.collect(1ms))
      all.push_back(std::move(one));
    return all.size() >= wanted;
  });
  return all;
}

BOOST_AUTO_TEST_CASE(sends_further_commands_while_replies_are_due) {
  scripted_server server([](scripted_client& client) {
    const auto first = client.greet();
    const auto second = client.read_command(); // before any reply
    const auto third = client.read_command();
    client.write(bulk(first) + bulk(second) + bulk(third));
    client.wait_for_hang_up();
  });
  redis_store store(test::settings_for_port(server.port()));
  store.submit(1, {read_profile{ann}});
  store.submit(2, {read_profile{bob}});
  BOOST_TEST(store.awaited().has_value());
  BOOST_TEST(outcome_of(read(store, {ann})[0]) == "GETRANGE " + good_ann); // a call that waits, behind them
  const auto finished = collect(store, 2);
  BOOST_REQUIRE(finished.size() == 2U);
  BOOST_TEST(finished[0].ticket == 1U);
  BOOST_TEST(outcome_of(finished[0].replies[0]) == "GETRANGE " + good_ann);
  BOOST_TEST(finished[1].ticket == 2U);
  BOOST_TEST(outcome_of(finished[1].replies[0]) == "GETRANGE " + good_bob);
  BOOST_TEST(!store.awaited().has_value());
}

BOOST_AUTO_TEST_CASE(answers_all_that_is_under_way_when_the_connection_breaks) {
  scripted_server server([](scripted_client& client) {
    client.greet();
    client.read_command();
    client.write(bulk("first"));
  });
  redis_store store(test::settings_for_port(server.port()));
  store.submit(1, {read_profile{ann}});
  store.submit(2, {read_profile{bob}, read_profile{ann}});
  const auto finished = collect(store, 2);
  BOOST_REQUIRE(finished.size() == 2U);
  BOOST_TEST(outcome_of(finished[0].replies[0]) == "first");
  BOOST_REQUIRE(finished[1].replies.size() == 2U);
  for (const auto& reply : finished[1].replies)
    BOOST_TEST(outcome_of(reply) == "unavailable");
  BOOST_TEST(!store.awaited().has_value());
  BOOST_TEST(!store.state().connected);
}

BOOST_AUTO_TEST_CASE(a_begun_probe_waits_for_nothing_and_notices_silence) {
  scripted_server server([](scripted_client& client) {
    client.greet();
    client.wait_for_hang_up();
  });
  redis_store store(impatient(server));
  store.begin_probe();
  store.begin_probe(); // has no effect while the first one is under way
  BOOST_TEST(store.awaited().has_value());
  BOOST_TEST(store.state().connected);
  BOOST_TEST(test::wait_until([&] {
    store.collect(10ms);
    return !store.state().connected;
  }));
  BOOST_TEST(store.state().failures == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_replies_received_before_a_hang_up) {
  scripted_server server(on_first_connection([](scripted_client& client) {
    client.greet();
    client.read_command();
    client.read_command();
    client.write(bulk("first") + "$6\r\nsec");
  }));
  redis_store store(test::settings_for_port(server.port()));
  const auto replies = read(store, {ann, bob, ann});
  BOOST_TEST(outcome_of(replies[0]) == "first");
  BOOST_TEST(outcome_of(replies[1]) == "unavailable");
  BOOST_TEST(outcome_of(replies[2]) == "unavailable");
  BOOST_TEST(replies[1].error().message.find("user_profile:bob: ") == 0U, replies[1].error().message);
  BOOST_TEST(read_eventually(store, bob) == good_bob);
}

BOOST_AUTO_TEST_CASE(reconnects_after_garbage) {
  for (const std::string garbage :
       {"HTTP/1.1 400 Bad Request\r\n\r\n", "$-5\r\n", "$99999999999999999999\r\n", "*3\r\n%",
        "\xff\xff\xff\xff", "$3\r\nabcdef\r\n"}) {
    scripted_server server(on_first_connection([&](scripted_client& client) {
      client.greet();
      client.write(garbage);
    }));
    redis_store store(test::settings_for_port(server.port()));
    const auto reply = read(store, {ann})[0];
    BOOST_TEST((outcome_of(reply) == "unavailable" || outcome_of(reply) == "abc"), garbage);
    BOOST_TEST(read_eventually(store, bob) == good_bob, garbage);
  }
}

BOOST_AUTO_TEST_CASE(reconnects_after_garbage_during_log_in) {
  scripted_server server(on_first_connection([](scripted_client& client) {
    client.read_command();
    client.write("SSH-2.0-OpenSSH_9.2\r\n");
  }));
  redis_store store(test::settings_for_port(server.port()));
  BOOST_TEST(outcome_of(read(store, {ann})[0]) == "unavailable");
  BOOST_TEST(store.state().connects == 0U);
  BOOST_TEST(read_eventually(store, ann) == good_ann);
}

/// What the state says of a server that answers the steps of the log-in like this.
std::string refusal_by(const std::string& answers) {
  scripted_server server([&](scripted_client& client) {
    client.read_command();
    client.write(answers);
    client.wait_for_hang_up();
  });
  auto settings = test::settings_for_port(server.port());
  settings.address.password = "pw";
  settings.address.database = 3;
  redis_store store(settings);
  BOOST_TEST(!store.probe().has_value());
  return store.state().refused_because;
}

BOOST_AUTO_TEST_CASE(names_the_step_of_the_log_in_that_is_refused) {
  const std::string ok = "+OK\r\n";
  const std::string busy = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL.\r\n";
  BOOST_TEST(refusal_by(busy + ok + ok) == "AUTH: Redis is busy with a script");
  BOOST_TEST(refusal_by(ok + busy + busy) == "SELECT 3: Redis is busy with a script");
  BOOST_TEST(refusal_by(ok + ok + busy) == "CLIENT SETNAME: Redis is busy with a script");
}

BOOST_AUTO_TEST_CASE(says_in_its_own_words_why_a_log_in_is_refused) {
  const std::string ok = "+OK\r\n+OK\r\n";
  const std::string step = "CLIENT SETNAME: ";
  BOOST_TEST(refusal_by(ok + "-LOADING Redis is loading the dataset in memory\r\n") ==
             step + "Redis is loading its data");
  BOOST_TEST(refusal_by(ok + "-MASTERDOWN Link with MASTER is down\r\n") ==
             step + "Redis is a replica without a connection to its master");
  BOOST_TEST(refusal_by(ok + "-MISCONF Redis cannot write to /var/lib/redis\r\n") ==
             step + "Redis cannot save its data and takes no writes");
  BOOST_TEST(refusal_by(ok + "-READONLY You can't write against a read only replica.\r\n") ==
             step + "Redis is a replica, which takes no writes");
  BOOST_TEST(refusal_by(ok + "-NOAUTH Authentication required.\r\n") == step + "Redis requires a password");
  BOOST_TEST(refusal_by("-WRONGPASS invalid username-password pair\r\n" + ok) ==
             "AUTH: Redis rejects the user or the password");
  BOOST_TEST(refusal_by("-ERR max number of clients reached\r\n" + ok) == "AUTH: Redis has too many clients");
}

BOOST_AUTO_TEST_CASE(a_node_that_refuses_to_name_the_slots_is_not_named_to_clients) {
  scripted_server server([](scripted_client& client) {
    if (client.greet() == "CLUSTER SLOTS")
      client.write("-LOADING Redis is loading the dataset in memory\r\n");
    client.wait_for_hang_up();
  });
  auto settings = test::settings_for_port(server.port());
  settings.address.transport = store_address::kind::cluster;
  settings.address.nodes = {{"127.0.0.1", server.port()}};
  redis_store store(settings);
  const auto failed = store.probe();
  BOOST_REQUIRE(!failed);
  BOOST_TEST(failed.error().message.find("127.0.0.1") != std::string::npos, failed.error().message);
  BOOST_TEST(store.state().refused_because == "CLUSTER SLOTS: Redis is loading its data");
}

BOOST_AUTO_TEST_CASE(a_silent_server_does_not_count_as_one_that_refuses) {
  scripted_server server([](scripted_client& client) { client.wait_for_hang_up(); });
  auto settings = impatient(server);
  settings.connect_timeout = 50ms;
  redis_store store(settings);
  BOOST_TEST(!store.probe().has_value());
  BOOST_TEST(store.state().refused_because == "");
}

BOOST_AUTO_TEST_CASE(tells_how_long_the_round_trips_of_a_request_take_lately) {
  std::atomic<bool> slow{true};
  scripted_server server([&](scripted_client& client) {
    for (auto command = client.greet(); !command.empty(); command = client.read_command()) {
      if (slow)
        std::this_thread::sleep_for(200ms);
      client.write(bulk("x"));
    }
  });
  redis_store store(test::settings_for_port(server.port()));
  BOOST_TEST(!store.state().request_takes.has_value());
  for (int i = 0; i < 2; ++i)
    read(store, {ann});
  BOOST_REQUIRE(store.state().request_takes.has_value());
  BOOST_TEST((*store.state().request_takes >= 400ms)); // it reads, and it stores
  slow = false;
  BOOST_TEST(test::wait_until([&] {
    read(store, {ann});
    return *store.state().request_takes < 400ms;
  }));
}

BOOST_AUTO_TEST_CASE(never_uses_an_unsolicited_reply_as_an_answer) {
  scripted_server server(on_first_connection([](scripted_client& client) {
    client.greet();
    client.write(bulk("asked") + bulk("unasked"));
    client.wait_for_hang_up();
  }));
  redis_store store(test::settings_for_port(server.port()));
  BOOST_TEST(outcome_of(read(store, {ann})[0]) == "asked");
  BOOST_TEST(read_eventually(store, bob) == good_bob);
  BOOST_TEST(store.state().connects == 2U);
}

BOOST_AUTO_TEST_CASE(keeps_its_connection_to_a_server_that_is_loading) {
  scripted_server server([](scripted_client& client) {
    client.greet();
    client.write("-LOADING Redis is loading the dataset in memory\r\n");
    client.read_command();
    client.write(bulk("loaded"));
    client.wait_for_hang_up();
  });
  redis_store store(test::settings_for_port(server.port()));
  const auto reply = read(store, {ann})[0];
  BOOST_TEST(outcome_of(reply) == "unavailable");
  BOOST_TEST(reply.error().message == "user_profile:ann: LOADING Redis is loading the dataset in memory");
  BOOST_TEST(outcome_of(read(store, {ann})[0]) == "loaded");
  BOOST_TEST(store.state().connects == 1U);
}

BOOST_AUTO_TEST_CASE(an_error_in_a_pipeline_affects_only_its_command) {
  scripted_server server([](scripted_client& client) {
    client.greet();
    client.read_command();
    client.read_command();
    client.write(bulk("one") + "-MOVED 3999 127.0.0.1:6381\r\n" + bulk("three"));
    client.wait_for_hang_up();
  });
  redis_store store(test::settings_for_port(server.port()));
  const auto replies = read(store, {ann, bob, ann});
  BOOST_TEST(outcome_of(replies[0]) == "one");
  BOOST_TEST(outcome_of(replies[1]) == "unsupported");
  BOOST_TEST(outcome_of(replies[2]) == "three");
}

BOOST_AUTO_TEST_CASE(refuses_a_reply_of_another_kind) {
  scripted_server server([](scripted_client& client) {
    client.greet();
    client.write(":7\r\n");
    client.read_command();
    client.write("*2\r\n$1\r\n0\r\n:1\r\n");
    client.read_command();
    client.write("*2\r\n$3\r\nabc\r\n*0\r\n");
    client.read_command();
    client.write("$1\r\n7\r\n");
    client.wait_for_hang_up();
  });
  redis_store store(test::settings_for_port(server.port()));
  const auto reply = read(store, {ann})[0];
  BOOST_TEST(outcome_of(reply) == "malformed");
  BOOST_TEST(reply.error().message == "user_profile:ann: expected a string from the server, got an integer");
  BOOST_TEST(to_string(store.scan(key_family::profiles, 0, 10).error().cause) == "malformed");
  BOOST_TEST(store.scan(key_family::profiles, 0, 10).error().message ==
             "SCAN: expected a number as cursor, got \"abc\"");
  BOOST_TEST(to_string(store.key_count().error().cause) == "malformed");
  BOOST_TEST(store.state().connects == 1U);
}

BOOST_AUTO_TEST_CASE(reads_replies_while_it_still_sends) {
  // If the client read only after sending everything, both socket buffers would fill up and neither side
  // could continue.
  const std::string large(1u << 16, 'x');
  scripted_server server([&](scripted_client& client) {
    for (auto command = client.greet(); !command.empty(); command = client.read_command())
      client.write("-ERR " + large + "\r\n");
  });
  redis_store store(test::settings_for_port(server.port()));
  const std::vector<store_command> commands(200, write_profile{ann, large});
  const auto replies = store.execute(commands);
  BOOST_REQUIRE(replies.size() == 200U);
  for (const auto& reply : replies)
    BOOST_TEST(outcome_of(reply) == "unsupported");
}

BOOST_AUTO_TEST_CASE(survives_a_hang_up_during_a_large_write) {
  scripted_server server([](scripted_client& client) { client.greet(); });
  redis_store store(test::settings_for_port(server.port()));
  const store_command write = write_profile{ann, std::string(8u << 20, 'x')};
  BOOST_TEST(outcome_of(store.execute({&write, 1})[0]) == "unavailable");
}

BOOST_AUTO_TEST_SUITE_END()
