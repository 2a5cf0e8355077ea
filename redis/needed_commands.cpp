#include "redis/needed_commands.hpp"

#include "config/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace winnow {
namespace {

constexpr std::array commands{
    needed_command{"get", "reading profiles and lists", ""},
    needed_command{"set", "storing lists", ""},
    needed_command{"scan", "finding profiles at the start and by sweeps", ""},
    needed_command{"getrange", "reading no more than 16 MiB of a value",
                   "GET, which also transfers values that are too long"},
    needed_command{"exists", "noticing that a list is gone", "GET of the list"},
    needed_command{"del", "removing the list of a removed profile", "the list stays"},
    needed_command{"evalsha", "storing a list only if its profile is the same",
                   "the list is stored, and the next look at the profile puts it right"},
    needed_command{"eval", "the same, while Redis does not know the script", "the same"},
    needed_command{"hget", "reading what a list was made of", "a start computes all lists"},
    needed_command{"hset", "recording it", "the same"},
    needed_command{"hdel", "removing the record of a removed list", "the record stays"},
    needed_command{"pttl", "lists that expire (--list-ttl)", "they expire, and the next sweep computes them"},
    needed_command{"pexpire", "renewing them", "the same"},
    needed_command{"dbsize", "the number of keys in /metrics", "the number is missing"},
    needed_command{"role", "noticing an old master (Sentinel)",
                   "its first refusal tells; writes until then are lost"},
    needed_command{"cluster|slots", "finding the nodes (cluster)", "no cluster"},
    needed_command{"asking", "following slots that move (cluster)", "such keys wait until they have moved"},
    needed_command{"select", "a database other than 0", "only database 0"},
    needed_command{"client|id", "being told of changed profiles", "sweeps every --poll-interval"},
    needed_command{"client|tracking", "being told of changed profiles", "sweeps every --poll-interval"},
    needed_command{"subscribe", "being told of changed profiles", "sweeps every --poll-interval"},
    needed_command{"ping", "noticing that announcements have stopped", "sweeps every --poll-interval"},
    needed_command{"info", "noticing that a lost connection for announcements cost nothing",
                   "a sweep after each loss"},
    needed_command{"client|trackinginfo", "noticing that a lost connection for announcements cost nothing",
                   "a sweep after each loss"},
    needed_command{"client|setname", "the name winnow in CLIENT LIST", "no name"},
};

} // namespace

gsl::span<const needed_command> needed_commands() {
  return commands;
}

std::string display_name(const needed_command& command) {
  std::string name(command.name);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char letter) { return letter == '|' ? ' ' : upper(letter); });
  return name;
}

std::string indispensable_commands() {
  std::string names;
  for (const auto& command : commands)
    if (command.without_it.empty())
      names += (names.empty() ? "" : " ") + display_name(command);
  return names;
}

std::string acl_line(std::string_view user) {
  const auto quoted = [](std::string_view word) { return std::string(" '").append(word).append("'"); };
  std::string line = "ACL SETUSER " + std::string(user.empty() ? "winnow" : user) + " on '>PASSWORD'";
  for (std::string_view left = key_patterns; !left.empty();) {
    const auto word = left.substr(0, left.find(' '));
    line += quoted(word);
    left.remove_prefix(std::min(left.size(), word.size() + 1));
  }
  line += quoted("&" + std::string(invalidation_channel));
  for (const auto& command : commands)
    line += command.name.find('|') == std::string_view::npos ? " +" + std::string(command.name)
                                                             : quoted("+" + std::string(command.name));
  return line;
}

} // namespace winnow
