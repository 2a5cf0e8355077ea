// The protocol of a fleet on a real server: the lease, each key once while it waits, and nothing lost when a
// replica dies.

#include "redis/fleet/fleet_channel.hpp"
#include "redis/fleet/fleet_check.hpp"
#include "store_settings_for.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <thread>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;
const auto each = boost::test_tools::per_element();

constexpr std::uint64_t most = 1000;
const std::string lease_key = "winnow:fleet:{shop}:lease";
const std::string fence_key = "winnow:fleet:{shop}:fence";
const std::string changes_key = "winnow:fleet:{shop}:changes";
const std::string members_key = "winnow:fleet:{shop}:members";
const std::string waiting_key = "winnow:fleet:{shop}:waiting";

template<class Value>
Value value_of(result<Value> outcome) {
  BOOST_REQUIRE_MESSAGE(outcome.has_value(), (outcome ? std::string() : outcome.error().message));
  return std::move(*outcome);
}

struct replica {
  replica(const redis_server& server, const std::string& id, std::string version = "v1")
      : channel(settings_for(server), "shop", id), models(std::move(version)) {}

  fleet_state beat() {
    fleet_report report;
    report.models = models;
    report.rest_address = "host:1";
    report.in_hand = 7;
    return value_of(channel.beat(report, how));
  }

  void enqueue(const strings& keys) {
    const auto outcome = value_of(channel.enqueue(beat().fence, keys, most));
    BOOST_TEST(!outcome.refused);
    BOOST_TEST(outcome.done == keys.size());
  }

  /// Takes what there is, without waiting for more.
  std::vector<fleet_entry> take(std::size_t count = 100) {
    BOOST_REQUIRE(channel.ask(count, 1ms));
    std::vector<fleet_entry> taken;
    wait_until([&] {
      taken = value_of(channel.arrived());
      return !channel.awaited();
    });
    return taken;
  }

  fleet_channel channel;
  std::string models;
  fleet_channel::part how;
};

strings keys_of(const std::vector<fleet_entry>& entries) {
  strings keys;
  for (const auto& one : entries)
    keys.push_back(one.key);
  return keys;
}

strings ids_of(const std::vector<fleet_entry>& entries) {
  strings ids;
  for (const auto& one : entries)
    ids.push_back(one.id);
  return ids;
}

struct fleet_fixture {
  redis_server server;
  replica a{server, "a"}, b{server, "b"};

  /// As if the lease had run out.
  void end_lease() const { server.call({"DEL", lease_key}); }
  std::string length() const { return server.call({"XLEN", changes_key}); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fleet_channel_suite, fleet_fixture)

BOOST_AUTO_TEST_CASE(one_replica_holds_the_lease_and_renews_it) {
  const auto fence = a.beat().fence;
  BOOST_TEST(fence > 0u);
  const auto seen = b.beat();
  BOOST_TEST(seen.fence == 0u);
  BOOST_TEST(seen.leader == "a");
  server.call({"PEXPIRE", lease_key, "100000"});
  BOOST_TEST(a.beat().fence == fence);
  BOOST_TEST(std::stoi(server.call({"PTTL", lease_key})) <= 2000);
}

BOOST_AUTO_TEST_CASE(the_next_leader_has_a_higher_fencing_number_and_the_last_one_is_refused) {
  const auto old = a.beat().fence;
  end_lease();
  BOOST_TEST(b.beat().fence > old);
  BOOST_TEST(value_of(a.channel.enqueue(old, {"k"}, most)).refused);
  BOOST_TEST(!value_of(a.channel.trim(old, 0ms)).has_value());
  BOOST_TEST(length() == "0");
  BOOST_TEST(a.beat().fence == 0u);
}

BOOST_AUTO_TEST_CASE(the_lease_runs_out_if_nobody_renews_it) {
  a.how.lease = 20ms;
  const auto old = a.beat().fence;
  BOOST_TEST(wait_until([&] { return b.beat().fence > old; }));
}

BOOST_AUTO_TEST_CASE(a_replica_that_leaves_gives_up_the_lease_and_is_not_listed) {
  const auto old = a.beat().fence;
  BOOST_TEST(b.beat().peers.size() == 2u);
  BOOST_REQUIRE(a.channel.leave());
  const auto seen = b.beat();
  BOOST_TEST(seen.fence > old);
  BOOST_TEST(seen.peers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(each_key_is_queued_once_while_it_waits) {
  a.enqueue({"k", "l", "k"});
  a.enqueue({"l"});
  BOOST_TEST(length() == "2");
  end_lease();
  b.enqueue({"k", "m"}); // also by the next leader
  BOOST_TEST(keys_of(b.take()) == (strings{"k", "l", "m"}), each);
}

BOOST_AUTO_TEST_CASE(a_key_that_changes_after_it_was_taken_is_queued_again) {
  a.enqueue({"k"});
  const auto first = b.take();
  a.enqueue({"k"});
  const auto second = a.take();
  BOOST_TEST(keys_of(second) == strings{"k"}, each);
  BOOST_TEST(second[0].id != first[0].id);
}

BOOST_AUTO_TEST_CASE(replicas_share_the_entries) {
  a.enqueue({"1", "2", "3", "4"});
  BOOST_TEST(a.take(2).size() == 2u);
  BOOST_TEST(b.take(10).size() == 2u);
  BOOST_TEST(a.take().empty());
  const auto state = a.beat();
  BOOST_TEST(state.waiting == 0u);
  BOOST_TEST(state.taken == 4u);
}

BOOST_AUTO_TEST_CASE(only_so_many_keys_may_wait) {
  strings keys;
  for (int i = 0; i < 1200; ++i)
    keys.push_back(std::to_string(i));
  const auto fence = a.beat().fence;
  BOOST_TEST(value_of(a.channel.enqueue(fence, keys, 700)).done == 700u);
  BOOST_TEST(value_of(a.channel.enqueue(fence, {"new"}, 700)).done == 0u);
  a.take(1);
  BOOST_TEST(value_of(a.channel.enqueue(fence, {"new"}, 700)).added == 1u);
}

BOOST_AUTO_TEST_CASE(a_blocked_replica_gets_an_entry_as_soon_as_there_is_one) {
  a.beat();
  BOOST_REQUIRE(b.channel.ask(10, 20s));
  BOOST_REQUIRE(b.channel.awaited().has_value());
  BOOST_TEST(value_of(b.channel.arrived()).empty());
  b.beat(); // other commands do not wait for it
  a.enqueue({"k"});
  std::vector<fleet_entry> taken;
  BOOST_TEST(wait_until([&] { return !(taken = value_of(b.channel.arrived())).empty(); }));
  BOOST_TEST(keys_of(taken) == strings{"k"}, each);
}

BOOST_AUTO_TEST_CASE(what_a_dead_replica_had_in_hand_is_claimed) {
  a.enqueue({"k", "l", "m"});
  const auto taken = a.take(2);
  BOOST_TEST(value_of(b.channel.claim(1h, 10)).empty());
  BOOST_TEST(wait_until([&] { return keys_of(value_of(b.channel.claim(5ms, 10))) == (strings{"k", "l"}); }));
  BOOST_TEST(value_of(b.channel.acknowledge(ids_of(taken))) == 2u);
  BOOST_TEST(value_of(a.channel.acknowledge(ids_of(taken))) == 0u); // computed twice
}

BOOST_AUTO_TEST_CASE(what_is_renewed_is_not_claimed) {
  a.enqueue({"k"});
  const auto ids = ids_of(a.take());
  const auto is_idle_for = [&](const std::string& time) {
    return server.call({"XPENDING", changes_key, "winnow", "IDLE", time, "-", "+", "10"}).find(ids[0]) !=
           std::string::npos;
  };
  server.call({"XCLAIM", changes_key, "winnow", "a", "0", ids[0], "IDLE", "7200000"}); // two hours
  BOOST_TEST(is_idle_for("3600000"));
  BOOST_TEST(value_of(a.channel.renew(ids)).empty());
  BOOST_TEST(!is_idle_for("3600000"));
  BOOST_TEST(value_of(b.channel.claim(1h, 10)).empty());
}

BOOST_AUTO_TEST_CASE(a_replica_does_not_take_back_what_another_has_claimed) {
  a.enqueue({"k", "l"});
  const auto ids = ids_of(a.take());
  BOOST_REQUIRE(wait_until([&] { return value_of(b.channel.claim(1ms, 1)).size() == 1u; }));
  BOOST_TEST(value_of(a.channel.renew(ids)) == strings{ids[0]}, each);
  BOOST_TEST(value_of(b.channel.renew({ids[0]})).empty());
}

BOOST_AUTO_TEST_CASE(a_reply_that_never_arrived_is_claimed_also_by_the_replica_itself) {
  a.enqueue({"k"});
  b.beat();
  BOOST_REQUIRE(b.channel.ask(10, 1ms));
  BOOST_REQUIRE(wait_until([&] { return b.beat().taken == 1u; }));
  server.call({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  BOOST_TEST(wait_until([&] {
    const auto claimed = b.channel.claim(1ms, 10);
    return claimed && keys_of(*claimed) == strings{"k"};
  }));
}

BOOST_AUTO_TEST_CASE(only_acknowledged_entries_are_trimmed) {
  a.enqueue({"1", "2", "3", "4"});
  const auto taken = ids_of(a.take(3));
  const auto fence = a.beat().fence;
  BOOST_TEST(value_of(a.channel.trim(fence, 0ms)).value() == 0u);
  a.channel.acknowledge({taken[1], taken[2]}).value();
  BOOST_TEST(value_of(a.channel.trim(fence, 0ms)).value() == 0u); // the first is in hand
  a.channel.acknowledge({taken[0]}).value();
  BOOST_TEST(value_of(a.channel.trim(fence, 1h)).value() == 0u); // for those who only watch
  std::this_thread::sleep_for(2ms);
  BOOST_TEST(value_of(a.channel.trim(fence, 0ms)).value() == 2u); // the last taken stays, and the fourth
  BOOST_TEST(keys_of(b.take()) == strings{"4"}, each);
}

BOOST_AUTO_TEST_CASE(every_replica_sees_what_others_take) {
  a.enqueue({"1", "2", "3"});
  a.take(2);
  auto state = b.beat();
  const auto seen = value_of(b.channel.observe("0-0", state.delivered, 100));
  BOOST_TEST(keys_of(seen.entries) == (strings{"1", "2"}), each);
  BOOST_TEST(value_of(b.channel.observe(seen.last, state.delivered, 100)).entries.empty());
  b.take();
  state = b.beat();
  BOOST_TEST(keys_of(value_of(b.channel.observe(seen.last, state.delivered, 100)).entries) == strings{"3"},
             each);
}

BOOST_AUTO_TEST_CASE(the_newest_version_among_the_living_is_in_force) {
  BOOST_TEST(a.beat().in_force == "v1");
  replica newer(server, "n", "v2");
  BOOST_TEST(newer.beat().in_force == "v2");
  const auto seen = a.beat(); // it led until now
  BOOST_TEST(seen.in_force == "v2");
  BOOST_TEST(seen.fence == 0u);
  BOOST_TEST(newer.beat().fence > 0u);
  BOOST_TEST(b.beat().in_force == "v2"); // v1 is not newer for being started later
  BOOST_REQUIRE(newer.channel.leave());
  BOOST_TEST(a.beat().in_force == "v1");
}

BOOST_AUTO_TEST_CASE(models_that_were_loaded_on_purpose_rank_newest) {
  a.beat();
  b.models = "v2";
  BOOST_TEST(b.beat().in_force == "v2");
  a.how.loaded_newest_models = true; // back to v1
  BOOST_TEST(a.beat().in_force == "v1");
  a.how.loaded_newest_models = false;
  BOOST_TEST(b.beat().in_force == "v1");
}

BOOST_AUTO_TEST_CASE(replicas_are_listed_with_their_reports) {
  a.beat();
  const auto state = b.beat();
  BOOST_REQUIRE(state.peers.size() == 2u);
  BOOST_TEST(state.peers[0].report.id == "a");
  BOOST_TEST(state.peers[0].live);
  BOOST_TEST(state.peers[0].report.models == "v1");
  BOOST_TEST(state.peers[0].report.rest_address == "host:1");
  BOOST_TEST(state.peers[0].report.in_hand == 7u);
}

BOOST_AUTO_TEST_CASE(replicas_that_stay_silent_are_forgotten) {
  a.beat();
  b.how.lease = 1ms;
  BOOST_TEST(wait_until([&] { return !b.beat().peers[0].live; }));
  b.how.forget = 1ms;
  BOOST_TEST(wait_until([&] { return b.beat().peers.size() == 1u; }));
}

BOOST_AUTO_TEST_CASE(a_dead_replica_does_not_live_on_because_the_clock_is_behind) {
  a.beat();
  const auto stored = server.call({"HGET", members_key, "a"});
  const auto report = stored.substr(stored.find(' '));
  server.call({"HSET", members_key, "a", "99999999999999" + report});
  b.how.lease = 1ms;
  BOOST_TEST(b.beat().peers[0].report.rest_address == "host:1"); // it is taken for a report of now
  BOOST_TEST(wait_until([&] { return !b.beat().peers[0].live; }));
  b.how.forget = 1ms;
  BOOST_TEST(wait_until([&] { return b.beat().peers.size() == 1u; }));
}

BOOST_AUTO_TEST_CASE(a_report_that_cannot_be_read_is_removed) {
  a.beat();
  server.call({"HSET", members_key, "c", "rubbish"});
  BOOST_TEST(a.beat().peers.size() == 1u);
  BOOST_TEST(server.call({"HLEN", members_key}) == "1");
}

BOOST_AUTO_TEST_CASE(keys_that_wait_in_a_key_of_another_type_are_found_again) {
  a.enqueue({"k"});
  server.call({"SET", waiting_key, "text"});
  a.enqueue({"l"});
  BOOST_TEST(keys_of(b.take()) == (strings{"k", "l"}), each);
}

BOOST_AUTO_TEST_CASE(a_store_that_lost_everything_is_noticed) {
  BOOST_TEST(a.beat().stream_is_new);
  a.enqueue({"k"});
  server.call({"FLUSHALL"});
  BOOST_TEST(value_of(a.channel.enqueue(1, {"k"}, most)).refused);
  const auto state = a.beat();
  BOOST_TEST(state.stream_is_new);
  BOOST_TEST(!a.beat().stream_is_new);
  a.enqueue({"k"});
  BOOST_TEST(a.take().size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_its_group_the_stream_is_taken_again_and_a_leader_begins_anew) {
  a.enqueue({"k", "l"});
  const auto old = a.beat().fence;
  BOOST_REQUIRE(a.take(1).size() == 1u);
  BOOST_REQUIRE(server.call({"XGROUP", "DESTROY", changes_key, "winnow"}) == "1");
  const auto seen = b.beat();
  BOOST_TEST(seen.stream_is_new);
  BOOST_TEST(seen.fence > old); // whoever gets the lease sweeps
  BOOST_TEST(a.beat().fence == 0u);
  BOOST_TEST(keys_of(b.take()) == (strings{"k", "l"}), each);
}

BOOST_AUTO_TEST_CASE(a_stream_that_a_change_made_again_gets_its_group) {
  a.enqueue({"k"});
  const auto fence = a.beat().fence;
  server.call({"DEL", changes_key});
  BOOST_TEST(value_of(a.channel.enqueue(fence, {"l"}, most)).added == 1u);
  BOOST_TEST(a.beat().stream_is_new);
  BOOST_TEST(keys_of(a.take()) == strings{"l"}, each);
  a.enqueue({"k"}); // it is no longer taken for one that waits
  BOOST_TEST(keys_of(a.take()) == strings{"k"}, each);
}

BOOST_AUTO_TEST_CASE(a_stream_of_another_type_is_replaced) {
  a.beat();
  server.call({"SET", changes_key, "text"});
  BOOST_TEST(a.beat().stream_is_new);
  a.enqueue({"k"});
  BOOST_TEST(a.take().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_leader_whose_fencing_number_is_lost_gets_a_greater_one) {
  auto last = a.beat().fence;
  const std::vector<strings> losses{
      {"DEL", fence_key}, {"SET", fence_key, "abc"}, {"SET", fence_key, "-5"}, {"SET", fence_key, ""}};
  for (const auto& loss : losses) {
    server.call(loss);
    std::this_thread::sleep_for(2ms); // the number is the time in milliseconds
    const auto next = a.beat().fence;
    BOOST_TEST(next > last, loss.back());
    BOOST_TEST(value_of(a.channel.enqueue(next, {}, most)).refused == false);
    last = next;
  }
  server.call({"DEL", fence_key});
  server.call({"HSET", fence_key, "a", "b"});
  BOOST_TEST(a.beat().fence > 0u);
  server.call({"DEL", fence_key});
  end_lease();
  std::this_thread::sleep_for(2ms);
  BOOST_TEST(b.beat().fence > last);
}

BOOST_AUTO_TEST_CASE(a_lease_that_never_ends_is_taken_over_from_a_dead_replica) {
  a.how.lease = b.how.lease = 50ms;
  a.beat();
  server.call({"PERSIST", lease_key});
  BOOST_TEST(b.beat().fence == 0u); // a still lives
  BOOST_TEST(wait_until([&] { return b.beat().fence > 0u; }));
}

BOOST_AUTO_TEST_CASE(keys_whose_entries_are_gone_wait_no_longer) {
  a.enqueue({"k", "l"});
  server.call({"XTRIM", changes_key, "MAXLEN", "0"});
  BOOST_TEST(a.take().empty());
  BOOST_TEST(a.beat().waiting == 0u);
  a.enqueue({"k"});
  BOOST_TEST(keys_of(b.take()) == strings{"k"}, each);
}

BOOST_AUTO_TEST_CASE(a_change_that_cannot_be_added_does_not_count_as_waiting) {
  BOOST_REQUIRE(server.call({"ACL", "SETUSER", "old", "on", ">pw", "~*", "+@all", "-xadd"}) == "OK");
  auto settings = settings_for(server);
  settings.address.user = "old";
  settings.address.password = "pw";
  fleet_channel channel(settings, "shop", "a");
  fleet_report report;
  report.models = "v1";
  const auto fence = value_of(channel.beat(report, {})).fence;
  BOOST_TEST(!channel.enqueue(fence, {"k"}, most).has_value());
  server.call({"ACL", "SETUSER", "old", "+xadd"});
  BOOST_TEST(value_of(channel.enqueue(fence, {"k"}, most)).added == 1u);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_and_comes_back_is_used_again) {
  a.beat();
  server.stop();
  fleet_report report;
  report.models = "v1";
  BOOST_TEST(!a.channel.beat(report, a.how).has_value());
  server.start();
  BOOST_TEST(wait_until([&] { return a.channel.beat(report, a.how).has_value(); }));
}

BOOST_AUTO_TEST_CASE(the_lag_is_the_age_of_the_oldest_entry_that_waits) {
  a.enqueue({"k"});
  BOOST_TEST(wait_until([&] { return a.beat().lag > 0ms; }));
  a.take();
  BOOST_TEST((a.beat().lag == 0ms));
}

BOOST_AUTO_TEST_CASE(the_check_names_each_command_that_is_denied_and_leaves_nothing) {
  const auto all = value_of(check_fleet(settings_for(server)));
  BOOST_TEST(all.size() > 20u);
  for (const auto& one : all)
    BOOST_TEST(!one.failure, one.name + (one.failure ? ": " + one.failure->message : ""));
  BOOST_TEST(server.call({"KEYS", "winnow:fleet:*winnow*"}).find("changes") == std::string::npos);

  std::string rights = fleet_acl_words();
  server.call({"ACL", "SETUSER", "old", "on", ">pw", "~*", "+@all", "-xautoclaim", "-time"});
  auto settings = settings_for(server);
  settings.address.user = "old";
  settings.address.password = "pw";
  strings denied;
  for (const auto& one : value_of(check_fleet(settings)))
    if (one.failure)
      denied.push_back(one.name);
  BOOST_TEST(denied == (strings{"TIME", "XAUTOCLAIM"}), each);
  for (const auto* const right : {"+xautoclaim", "+xgroup", "+time"})
    BOOST_TEST(rights.find(right) != std::string::npos, right);
  BOOST_TEST(rights.find("+eval") == std::string::npos); // all daemons need it
}

BOOST_AUTO_TEST_CASE(the_rights_of_the_check_suffice_for_a_fleet) {
  const std::string basics =
      "+set +get +del +eval +hset +hget +hdel +exists +pexpire +ping +select +client|setname";
  std::vector<std::string> user{"ACL", "SETUSER", "old", "on", ">pw", "~winnow:*"};
  std::istringstream words(basics + " " + fleet_acl_words());
  for (std::string word; words >> word;)
    user.push_back(word);
  BOOST_REQUIRE(server.call(user) == "OK");
  auto settings = settings_for(server);
  settings.address.user = "old";
  settings.address.password = "pw";
  fleet_channel channel(settings, "shop", "a");
  fleet_report report;
  report.models = "v1";
  const auto fence = value_of(channel.beat(report, {})).fence;
  BOOST_TEST(value_of(channel.enqueue(fence, {"k"}, most)).added == 1u);
  std::vector<fleet_entry> taken;
  BOOST_REQUIRE(channel.ask(10, 1ms));
  BOOST_TEST(wait_until([&] { return !(taken = value_of(channel.arrived())).empty(); }));
  value_of(channel.renew(ids_of(taken)));
  value_of(channel.claim(0ms, 10));
  BOOST_TEST(value_of(channel.acknowledge(ids_of(taken))) == 1u);
  value_of(channel.observe("0-0", "+", 10));
  value_of(channel.trim(fence, 0ms));
  BOOST_TEST(channel.tell({{"n", "g", 1, "t"}}).has_value());
  BOOST_TEST(channel.news_after(0, 10).has_value());
  BOOST_TEST(channel.all_values().has_value());
  BOOST_TEST(channel.tell_erased("u").has_value());
  BOOST_TEST(channel.erased_after({}).has_value());
  BOOST_TEST(channel.leave().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
