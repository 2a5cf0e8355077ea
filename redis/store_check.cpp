#include "redis/store_check.hpp"

#include "redis/cluster/cluster_channel.hpp"
#include "redis/connection/redis_connection.hpp"
#include "redis/connection/refusal.hpp"
#include "redis/records/keys.hpp"
#include "redis/sentinel/server_access.hpp"
#include "redis/store/store_probe.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace winnow {
namespace {

using clock = redis_connection::clock;

constexpr std::string_view harmless_script = "return 1";
constexpr std::string_view harmless_script_sha = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";

/// Whether the server refuses the command only because it is no node of a cluster, where it is not needed.
bool is_of_no_cluster(const redisReply& reply) {
  return text_of(reply).find("cluster support disabled") != std::string_view::npos;
}

/// The pattern of the daemon's keys to which this one belongs; empty if it belongs to none.
std::string pattern_of(std::string_view key) {
  const auto pattern = std::string(key.substr(0, key.find(':'))) + ":*";
  return key_patterns.find("~" + pattern) == std::string_view::npos ? std::string() : pattern;
}

/// The commands of the check, in the order in which they are tried, each after the name of the needed
/// command.
class check_batch {
public:
  void add(std::string_view name, std::initializer_list<std::string_view> words) {
    tries_.push_back({name, words.size() > 1 ? pattern_of(*std::next(words.begin())) : std::string()});
    batch_.add(words);
  }

  const command_batch& commands() const noexcept { return batch_; }

  /// Adds the failures of needed ones. Returns the error of a lost connection.
  result<void> note(const redis_connection::answers& outcome, std::vector<command_check>& checks) const {
    if (outcome.lost)
      return tl::unexpected<error>(*outcome.lost);
    for (std::size_t i = 0; i < tries_.size(); ++i) {
      const auto& reply = *outcome.replies[i];
      const auto row = std::find_if(checks.begin(), checks.end(), [&](const command_check& one) {
        return one.command.name == tries_[i].name;
      });
      if (reply.type == REDIS_REPLY_ERROR && !is_of_no_cluster(reply) && row != checks.end() && !row->failure)
        row->failure = failure_of(row->command, tries_[i].keys, text_of(reply));
    }
    return {};
  }

private:
  struct attempt {
    std::string_view name;
    std::string keys; ///< A pattern; empty: none.
  };

  /// Names the keys if it is they that are denied, as Redis does not say which.
  static error failure_of(const needed_command& command, const std::string& keys, std::string_view text) {
    const bool of_keys = !keys.empty() && refusal_of(text).scope == refusal_scope::key;
    return error_from_reply(display_name(command) + (of_keys ? " of " + keys : ""), text);
  }

  std::vector<attempt> tries_;
  command_batch batch_;
};

void add_data_commands(check_batch& batch, std::uint32_t database) {
  const auto& user = unlikely_user();
  const auto list = recommendations_key(user);
  const auto stamped = recommendation_result_key(user, "1700000000");
  const auto profile = to_redis_key({user, {}});
  constexpr std::string_view lifetime_ms = "60000";
  batch.add("select", {"SELECT", std::to_string(database)});
  for (const auto& key : {list, stamped})
    batch.add("set", {"SET", key, "[]", "PX", lifetime_ms});
  for (const auto& key : {list, profile})
    batch.add("get", {"GET", key});
  batch.add("getrange", {"GETRANGE", profile, "0", "1"});
  batch.add("exists", {"EXISTS", list});
  batch.add("eval", {"EVAL", harmless_script, "0"});
  batch.add("evalsha", {"EVALSHA", harmless_script_sha, "0"}); // EVAL has told it
  const auto records = list_records_key(user);
  batch.add("hset", {"HSET", records, user, "x"});
  batch.add("hget", {"HGET", records, user});
  batch.add("hdel", {"HDEL", records, user});
  batch.add("pttl", {"PTTL", list});
  batch.add("pexpire", {"PEXPIRE", list, lifetime_ms});
  batch.add("scan", {"SCAN", "0", "MATCH", std::string(prefix_of(key_family::profiles)) + "*", "COUNT", "1"});
  batch.add("dbsize", {"DBSIZE"});
  for (const auto& key : {list, stamped, profile})
    batch.add("del", {"DEL", key});
  batch.add("role", {"ROLE"});
  batch.add("cluster|slots", {"CLUSTER", "SLOTS"});
  batch.add("asking", {"ASKING"});
  batch.add("ping", {"PING"});
  batch.add("client|setname", {"CLIENT", "SETNAME", "winnow"});
  batch.add("client|id", {"CLIENT", "ID"});
}

/// On a connection of its own, as a subscriber cannot do anything else. The prefix is that of no key.
void add_tracking_commands(check_batch& batch) {
  batch.add("client|tracking", {"CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", unlikely_user(), "NOLOOP"});
  batch.add("client|tracking", {"CLIENT", "TRACKING", "OFF"});
  batch.add("client|trackinginfo", {"CLIENT", "TRACKINGINFO"});
  batch.add("info", {"INFO", "server"});
  batch.add("subscribe", {"SUBSCRIBE", invalidation_channel});
}

/// Runs all commands on a connection of their own.
result<void> check_server(const store_settings& settings, const check_batch& all,
                          std::vector<command_check>& checks) {
  auto connection = open_server(settings, clock::now() + settings.connect_timeout);
  if (!connection)
    return tl::unexpected<error>(std::move(connection.error()));
  return all.note(connection->exchange(all.commands(), clock::now() + settings.command_timeout), checks);
}

/// Each command goes to the node that holds its key, and the tracking to each master.
result<void> check_cluster(const store_settings& settings, const check_batch& data,
                           const check_batch& tracking, std::vector<command_check>& checks) {
  auto nodes = settings.address.nodes;
  const auto masters = fetch_slots(settings, nodes, clock::now() + settings.connect_timeout);
  if (!masters)
    return tl::unexpected<error>(masters.error());
  auto checked = data.note(exchange_in_cluster(settings, nodes, data.commands()), checks);
  for (const auto& place : masters->masters)
    if (checked)
      checked = check_server(settings_for_node(settings, place), tracking, checks);
  return checked;
}

} // namespace

result<std::vector<command_check>> check_store(const store_settings& settings) {
  std::vector<command_check> checks;
  for (const auto& command : needed_commands())
    checks.push_back({command, std::nullopt});
  auto at_master = settings;
  at_master.address.read_replicas = false;
  check_batch data;
  add_data_commands(data, settings.address.database);
  check_batch tracking;
  add_tracking_commands(tracking);
  auto checked = settings.address.transport == store_address::kind::cluster
                     ? check_cluster(settings, data, tracking, checks)
                     : check_server(at_master, data, checks).and_then([&] {
                         return check_server(at_master, tracking, checks);
                       });
  if (!checked)
    return tl::unexpected<error>(std::move(checked.error()));
  return checks;
}

bool is_sufficient(const std::vector<command_check>& checks) {
  return std::none_of(checks.begin(), checks.end(),
                      [](const command_check& one) { return one.failure && one.command.without_it.empty(); });
}

} // namespace winnow
