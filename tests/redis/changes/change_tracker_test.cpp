// Change tracking on real servers that restart, flush, hang or refuse. The behaviour that both trackers share
// is tested in change_suite_test.cpp.

#include "redis/changes/redis_change_tracker.hpp"
#include "scripted_server.hpp"
#include "store_settings_for.hpp"
#include "support/wait_until.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <thread>
#include <utility>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

constexpr auto long_enough = 20s;

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string cause_of(const result<change_batch>& outcome) {
  return std::string(outcome ? "none" : to_string(outcome.error().cause));
}

/// Waits until a batch asks for a sweep. Until then only `unavailable` errors are accepted.
bool asks_for_a_sweep(change_tracker& changes) {
  return test::wait_until([&] {
    const auto batch = changes.wait(1s);
    if (!batch)
      BOOST_TEST(cause_of(batch) == "unavailable");
    return batch && batch->lost;
  });
}

/// Waits until a loss of the connections could be known to have cost nothing.
void trust(redis_change_tracker& changes) {
  BOOST_REQUIRE(test::wait_until([&] {
    const auto batch = changes.wait(1ms);
    BOOST_REQUIRE_MESSAGE(batch.has_value(), (batch ? "" : batch.error().message));
    return changes.trusts_its_witness();
  }));
}

/// Returns the next batch of a replaced connection.
change_batch next_interruption(change_tracker& changes) {
  change_batch found;
  BOOST_REQUIRE(test::wait_until([&] {
    const auto batch = changes.wait(10ms);
    if (batch)
      found = *batch;
    return batch && !batch->interrupted.empty();
  }));
  return found;
}

/// Returns the users announced up to and including `last`.
std::vector<std::string> users_until(change_tracker& changes, const std::string& last) {
  std::vector<std::string> users;
  while (users.empty() || users.back() != last) {
    const auto batch = changes.wait(long_enough);
    if (!batch || batch->lost || batch->changed.empty())
      break;
    for (const auto& key : batch->changed)
      users.push_back(key.user_id);
  }
  return users;
}

struct fixture {
  test::redis_server server;
  store_settings settings = test::settings_for(server);
  redis_change_tracker changes{settings, 20ms};

  void begin() {
    const auto first = changes.wait(long_enough);
    BOOST_REQUIRE_MESSAGE(first.has_value(), (first ? "" : first.error().message));
    BOOST_TEST(first->lost);
  }

  void still_announces() {
    server.call({"SET", "user_profile:still", "[]"});
    BOOST_TEST(users_until(changes, "still") == std::vector<std::string>{"still"});
  }
};

/// The ids of the tracker's connections: of the subscriber, of the one that tracks for it, and of the
/// witness.
std::vector<std::string> connections_of_the_tracker(const test::redis_server& server) {
  std::istringstream lines(server.call({"CLIENT", "LIST"}));
  std::vector<std::string> ids;
  for (std::string line; std::getline(lines, line);)
    if (mentions(line, "name=winnow "))
      ids.push_back(line.substr(line.find("id=") + 3, line.find(' ') - line.find("id=") - 3));
  return ids;
}

using keys = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(change_tracker_suite)

BOOST_FIXTURE_TEST_CASE(connects_only_on_the_first_wait, fixture) {
  BOOST_TEST(!mentions(server.call({"CLIENT", "LIST"}), "name=winnow"));
  begin();
}

BOOST_FIXTURE_TEST_CASE(connects_however_short_the_wait_is, fixture) {
  const auto first = changes.wait(0ms); // a distant server needs several round trips
  BOOST_REQUIRE_MESSAGE(first.has_value(), (first ? "" : first.error().message));
  BOOST_TEST(first->lost);
}

BOOST_FIXTURE_TEST_CASE(announces_changes_by_other_clients, fixture) {
  begin();
  server.call({"SET", "user_profile:set", "[]"});
  BOOST_TEST(users_until(changes, "set") == keys{"set"});
  server.call({"APPEND", "user_profile:set", " "});
  BOOST_TEST(users_until(changes, "set") == keys{"set"});
  server.call({"PEXPIRE", "user_profile:set", "1"});
  BOOST_TEST(users_until(changes, "set") == keys{"set"});
  BOOST_TEST(users_until(changes, "set") == keys{"set"}, "the expiry itself");
}

BOOST_FIXTURE_TEST_CASE(announces_only_profiles, fixture) {
  begin();
  server.call({"SET", "recommendations:ann", "[]"});
  server.call({"SET", "xuser_profile:ann", "[]"});
  server.call({"SET", "user_profile:", "no id"});
  still_announces();
}

BOOST_FIXTURE_TEST_CASE(asks_for_a_sweep_after_a_flush, fixture) {
  begin();
  server.call({"FLUSHALL"});
  const auto batch = changes.wait(long_enough);
  BOOST_REQUIRE(batch.has_value());
  BOOST_TEST(batch->lost);
  still_announces();
}

BOOST_FIXTURE_TEST_CASE(reconnects_and_asks_for_a_sweep_after_a_restart, fixture) {
  begin();
  server.restart();
  BOOST_TEST(asks_for_a_sweep(changes));
  still_announces();
}

BOOST_FIXTURE_TEST_CASE(reports_an_unavailable_server_until_it_returns, fixture) {
  begin();
  server.stop();
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(cause_of(changes.wait(10ms)) == "unavailable");
  }
  server.start();
  BOOST_TEST(asks_for_a_sweep(changes));
  still_announces();
}

BOOST_FIXTURE_TEST_CASE(reopens_its_connections_if_either_breaks, fixture) {
  begin();
  for (const auto* type : {"normal", "pubsub"}) {
    server.call({"CLIENT", "KILL", "TYPE", type});
    server.call({"SET", "user_profile:meanwhile", "[]"});
    BOOST_TEST(asks_for_a_sweep(changes), type);
    still_announces();
    trust(changes);
    // No old connection is left: neither a second subscriber nor a client whose redirection target is gone.
    BOOST_TEST(test::wait_until([&] {
      const auto clients = server.call({"CLIENT", "LIST"});
      const auto count = [&](const std::string& part) {
        int found = 0;
        for (auto at = clients.find(part); at != std::string::npos; at = clients.find(part, at + 1))
          ++found;
        return found;
      };
      return count("name=winnow ") == 3; // with the witness
    }));
  }
}

BOOST_FIXTURE_TEST_CASE(a_lost_connection_costs_no_sweep_if_no_profile_changed, fixture) {
  begin();
  trust(changes);
  for (int i = 0; i < 5; ++i) {
    server.call({"CLIENT", "KILL", "TYPE", "pubsub"});
    server.call({"SET", "recommendations:ann", "[]"});
    const auto batch = next_interruption(changes);
    BOOST_TEST(!batch.lost);
    BOOST_TEST(batch.changed.empty());
  }
  still_announces();
}

BOOST_FIXTURE_TEST_CASE(a_lost_connection_costs_a_sweep_if_a_profile_changed_meanwhile, fixture) {
  server.call({"SET", "user_profile:ann", "[]"});
  begin();
  const std::vector<keys> changing{{"SET", "user_profile:bob", "[]"},
                                   {"PEXPIRE", "user_profile:ann", "100000"},
                                   {"DEL", "user_profile:ann"},
                                   {"EVAL", "redis.call('SET', 'user_profile:eve', '[]')", "0"},
                                   {"FLUSHALL"}};
  for (const auto& change : changing) {
    trust(changes);
    server.call({"CLIENT", "KILL", "TYPE", "pubsub"});
    server.call(change);
    BOOST_TEST(next_interruption(changes).lost, change.front());
  }
  still_announces();
}

BOOST_FIXTURE_TEST_CASE(any_one_of_its_connections_may_be_lost, fixture) {
  begin();
  for (std::size_t i = 0; i < 3; ++i) {
    trust(changes);
    const auto ids = connections_of_the_tracker(server);
    BOOST_REQUIRE(ids.size() == 3U);
    server.call({"CLIENT", "KILL", "ID", ids[i]});
    // A new witness takes some time; the others are replaced at once. Neither asks for a sweep.
    BOOST_REQUIRE(test::wait_until([&] {
      const auto batch = changes.wait(1ms);
      BOOST_REQUIRE((!batch || !batch->lost));
      const auto now = connections_of_the_tracker(server);
      return now.size() == 3U && now != ids;
    }));
  }
  still_announces();
}

BOOST_FIXTURE_TEST_CASE(a_server_that_only_paused_costs_no_sweep, fixture) {
  settings.connect_timeout = settings.command_timeout = 100ms;
  redis_change_tracker impatient(settings, 10ms);
  BOOST_TEST(impatient.wait(long_enough)->lost);
  trust(impatient);
  server.freeze();
  BOOST_TEST(cause_of(impatient.wait(long_enough)) == "unavailable");
  server.thaw();
  BOOST_TEST(!next_interruption(impatient).lost);
}

BOOST_FIXTURE_TEST_CASE(no_change_is_lost_whenever_connections_are_killed, fixture) {
  begin();
  std::mutex mutex;
  change_batch news; // of all batches that were not looked at
  int interruptions = 0;
  std::atomic<bool> done{false};
  std::thread listener([&] {
    while (!done) {
      const auto batch = changes.wait(10ms);
      const std::lock_guard lock(mutex);
      if (batch) {
        news.lost = news.lost || batch->lost;
        news.changed.insert(news.changed.end(), batch->changed.begin(), batch->changed.end());
        interruptions += batch->interrupted.empty() ? 0 : 1;
      }
    }
  });
  constexpr int users = 60;
  std::set<std::string> found;
  int sweeps = 0;
  const auto look = [&] {
    std::unique_lock lock(mutex);
    const auto batch = std::exchange(news, {});
    lock.unlock();
    for (const auto& key : batch.changed)
      found.insert(key.user_id);
    if (!batch.lost)
      return;
    ++sweeps;
    for (int i = 0; i < users; ++i)
      if (server.call({"EXISTS", "user_profile:" + std::to_string(i)}) == "1")
        found.insert(std::to_string(i));
  };
  std::mt19937 random(18);
  for (int i = 0; i < users; ++i) {
    for (auto kills = random() % 4; kills > 0; --kills) {
      const auto ids = connections_of_the_tracker(server);
      if (random() % 2 == 0)
        server.call({"CLIENT", "KILL", "TYPE", random() % 8 == 0 ? "normal" : "pubsub"});
      else if (!ids.empty())
        server.call({"CLIENT", "KILL", "ID", ids[random() % ids.size()]});
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000)); // now and then quiet enough
      look();
    }
    server.call({"SET", "user_profile:" + std::to_string(i), "[]"});
  }
  BOOST_TEST(test::wait_until([&] {
    look();
    return found.size() == users;
  }));
  done = true;
  listener.join();
  BOOST_TEST_MESSAGE(interruptions << " interruptions, " << sweeps << " sweeps");
  BOOST_TEST(sweeps < interruptions); // otherwise each loss cost one
}

BOOST_FIXTURE_TEST_CASE(returns_changes_announced_before_a_loss, fixture) {
  begin();
  server.call({"SET", "user_profile:before", "[]"});
  server.stop();
  const auto batch = changes.wait(long_enough);
  BOOST_REQUIRE(batch.has_value());
  BOOST_REQUIRE(batch->changed.size() == 1U);
  BOOST_TEST(batch->changed[0].user_id == "before");
  BOOST_TEST(cause_of(changes.wait(10ms)) == "unavailable");
}

BOOST_FIXTURE_TEST_CASE(notices_a_server_that_hangs, fixture) {
  settings.connect_timeout = settings.command_timeout = 100ms;
  redis_change_tracker impatient(settings, 10ms);
  BOOST_TEST(impatient.wait(long_enough)->lost);
  server.freeze();
  const auto batch = impatient.wait(long_enough);
  BOOST_TEST(cause_of(batch) == "unavailable");
  BOOST_TEST(mentions(batch.error().message, "no answer to PING"));
  server.thaw();
  BOOST_TEST(asks_for_a_sweep(impatient));
}

BOOST_FIXTURE_TEST_CASE(keeps_a_silent_connection_alive, fixture) {
  redis_change_tracker frequent(settings, 1ms);
  BOOST_TEST(frequent.wait(long_enough)->lost);
  BOOST_TEST(test::wait_until([&] {
    const auto batch = frequent.wait(5ms);
    BOOST_TEST(batch.has_value());
    BOOST_TEST(!batch->lost);
    const auto stats = server.call({"INFO", "commandstats"});
    const auto at = stats.find("cmdstat_ping:calls=");
    return at != std::string::npos && std::stoi(stats.substr(at + 19)) > 20;
  }));
  server.call({"SET", "user_profile:ann", "[]"});
  BOOST_TEST(users_until(frequent, "ann") == keys{"ann"});
}

BOOST_FIXTURE_TEST_CASE(works_through_a_unix_socket_and_in_another_database, fixture) {
  settings.address.transport = store_address::kind::unix_socket;
  settings.address.path = server.socket_path();
  settings.address.database = 3;
  redis_change_tracker local(settings);
  BOOST_TEST(local.wait(long_enough)->lost);
  server.call({"EVAL", "redis.call('SELECT', 3) redis.call('SET', 'user_profile:ann', '[]')", "0"});
  BOOST_TEST(users_until(local, "ann") == keys{"ann"});
}

BOOST_AUTO_TEST_CASE(logs_in_as_a_user_that_may_track) {
  const test::redis_server server;
  server.call({"ACL", "SETUSER", "watcher", "on", ">pw", "~*", "&*", "+client", "+subscribe", "+ping"});
  auto settings = test::settings_for(server);
  settings.address.user = "watcher";
  settings.address.password = "pw";
  redis_change_tracker changes(settings, 10ms);
  BOOST_TEST(changes.wait(long_enough)->lost);
  server.call({"SET", "user_profile:ann", "[]"});
  BOOST_TEST(users_until(changes, "ann") == keys{"ann"});
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(changes.wait(20ms).has_value());
  BOOST_TEST(!changes.trusts_its_witness()); // it may not use INFO
  server.call({"CLIENT", "KILL", "TYPE", "pubsub"});
  BOOST_TEST(next_interruption(changes).lost);
}

BOOST_AUTO_TEST_CASE(is_denied_as_a_user_that_may_not_track) {
  const test::redis_server server;
  server.call({"ACL", "SETUSER", "no_client", "on", ">pw", "~*", "&*", "+@all", "-client"});
  server.call({"ACL", "SETUSER", "no_channel", "on", ">pw", "~*", "resetchannels", "+@all"});
  for (const auto* user : {"no_client", "no_channel"}) {
    auto settings = test::settings_for(server);
    settings.address.user = user;
    settings.address.password = "pw";
    redis_change_tracker changes(settings);
    for (int i = 0; i < 3; ++i)
      BOOST_TEST(cause_of(changes.wait(long_enough)) == "denied", user);
  }
}

BOOST_AUTO_TEST_CASE(is_denied_with_a_wrong_password) {
  const test::redis_server server({"--requirepass", "right"});
  auto settings = test::settings_for(server);
  settings.address.password = "wr0ng";
  redis_change_tracker changes(settings);
  const auto batch = changes.wait(long_enough);
  BOOST_TEST(cause_of(batch) == "denied");
  BOOST_TEST(!mentions(batch.error().message, "wr0ng"));
}

BOOST_AUTO_TEST_CASE(reports_that_a_server_cannot_track) {
  const test::redis_server server({"--rename-command", "CLIENT", "hidden"});
  redis_change_tracker changes(test::settings_for(server));
  BOOST_TEST(cause_of(changes.wait(long_enough)) == "unsupported");
  BOOST_TEST(cause_of(changes.wait(0ms)) == "unsupported");
}

BOOST_AUTO_TEST_CASE(reports_that_an_old_server_cannot_track) {
  test::scripted_server server([](test::scripted_client& client) {
    const auto command = client.greet();
    if (command == "CLIENT ID") {
      client.write(":7\r\n");
      client.read_command();
      client.write("*3\r\n$9\r\nsubscribe\r\n$20\r\n__redis__:invalidate\r\n:1\r\n");
      client.wait_for_hang_up();
    } else {
      client.write(
          "-ERR Unknown subcommand or wrong number of arguments for 'TRACKING'. Try CLIENT HELP\r\n");
    }
  });
  redis_change_tracker changes(test::settings_for_port(server.port()));
  const auto batch = changes.wait(long_enough);
  BOOST_TEST(cause_of(batch) == "unsupported");
  BOOST_TEST(mentions(batch.error().message, "CLIENT TRACKING: ERR Unknown subcommand"));
}

BOOST_FIXTURE_TEST_CASE(outlives_the_idle_timeout_of_the_server, fixture) {
  server.call({"CONFIG", "SET", "timeout", "1"});
  begin();
  const auto end = std::chrono::steady_clock::now() + 2500ms; // of real silence, as the server measures it
  while (std::chrono::steady_clock::now() < end) {
    const auto batch = changes.wait(100ms);
    BOOST_REQUIRE(batch.has_value());
    BOOST_REQUIRE(!batch->lost);
  }
  still_announces();
}

BOOST_AUTO_TEST_SUITE_END()
