#include "redis/fleet/fleet_check.hpp"

#include "config/text/ascii.hpp"
#include "redis/fleet/fleet_channel.hpp"
#include "redis/fleet/fleet_link.hpp"
#include "redis/store/store_probe.hpp"

#include <algorithm>
#include <cctype>

namespace winnow {

namespace {

constexpr std::string_view lead = "one replica leads";
constexpr std::string_view members = "the replicas know each other";
constexpr std::string_view share = "changes are shared";
constexpr std::string_view tell = "what one replica is told reaches all";
constexpr std::string_view take_over = "changes of a dead replica are taken over";

// Without it a daemon outside of a fleet does less, but a fleet does nothing.
constexpr std::string_view of_all_daemons = "eval";

struct fleet_command {
  std::string_view right; ///< As in an ACL rule.
  std::string_view needed_for;
  std::vector<std::string> words;
};

/// In an order in which each works.
std::vector<fleet_command> fleet_commands(const fleet_keys& keys) {
  const std::string group = "winnow", me = "check", entry = "0-1";
  return {
      {of_all_daemons, share, {"EVAL", "return 1", "0"}},
      {"hgetall", members, {"HGETALL", keys.members}},
      {"zadd", members, {"ZADD", keys.versions, "1", "v"}},
      {"zscore", members, {"ZSCORE", keys.versions, "v"}},
      {"zrevrange", members, {"ZREVRANGE", keys.versions, "0", "0"}},
      {"zremrangebyrank", members, {"ZREMRANGEBYRANK", keys.versions, "0", "-101"}},
      {"incr", lead, {"INCR", keys.fence}},
      {"time", lead, {"TIME"}},
      {"sadd", share, {"SADD", keys.waiting, "k"}},
      {"srem", share, {"SREM", keys.waiting, "k"}},
      {"scard", share, {"SCARD", keys.waiting}},
      {"xgroup", share, {"XGROUP", "CREATE", keys.changes, group, "0", "MKSTREAM"}},
      {"xadd", share, {"XADD", keys.changes, entry, "k", "k"}},
      {"xreadgroup", share, {"XREADGROUP", "GROUP", group, me, "COUNT", "1", "STREAMS", keys.changes, ">"}},
      {"xpending", take_over, {"XPENDING", keys.changes, group}},
      {"xclaim", take_over, {"XCLAIM", keys.changes, group, me, "0", entry, "JUSTID"}},
      {"xautoclaim", take_over, {"XAUTOCLAIM", keys.changes, group, me, "0", "0-0"}},
      {"xack", share, {"XACK", keys.changes, group, entry}},
      {"xrange", members, {"XRANGE", keys.changes, "-", "+"}},
      {"xlen", members, {"XLEN", keys.changes}},
      {"xtrim", share, {"XTRIM", keys.changes, "MAXLEN", "0"}},
      {"xinfo", members, {"XINFO", "STREAM", keys.changes}},
      {"hscan", tell, {"HSCAN", keys.values, "0"}},
      {"xrevrange", tell, {"XREVRANGE", keys.news, "+", "-"}},
  };
}

} // namespace

result<std::vector<fleet_command_check>> check_fleet(const store_settings& settings) {
  const fleet_keys keys(unlikely_user());
  const auto commands = fleet_commands(keys);
  command_batch batch;
  for (const auto& command : commands)
    batch.add(gsl::span<const std::string>(command.words));
  for (const auto& key : {keys.versions, keys.fence, keys.waiting, keys.changes})
    batch.add({"DEL", key});
  fleet_link link(settings, keys.changes);
  const auto replies = link.exchange(batch);
  if (!replies)
    return tl::unexpected<error>(replies.error());
  std::vector<fleet_command_check> checks;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto& reply = *(*replies)[i];
    auto& check =
        checks.emplace_back(fleet_command_check{upper_case(commands[i].right), commands[i].needed_for, {}});
    if (reply.type == REDIS_REPLY_ERROR)
      check.failure = error_from_reply(check.name, text_of(reply));
  }
  return checks;
}

std::string fleet_acl_words() {
  std::string words;
  for (const auto& command : fleet_commands(fleet_keys({})))
    if (command.right != of_all_daemons)
      words += (words.empty() ? "+" : " +") + std::string(command.right);
  return words;
}

} // namespace winnow
