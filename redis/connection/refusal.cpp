#include "redis/connection/refusal.hpp"

#include "config/text/starts_with.hpp"

#include <algorithm>
#include <array>

namespace winnow {
namespace {

struct known_refusal {
  std::string_view beginning; ///< Of the text, up to the end of a word.
  refusal means;
};

using scope = refusal_scope;

constexpr std::string_view foreign_slot = "Redis is a node of a cluster; redis+cluster:// serves all of them";

// The server is up but cannot serve now where the cause is `unavailable`; a later attempt may work. This
// includes READONLY: after a failover, this replica may become a master again, or a new connection finds the
// new master.
constexpr std::array known_refusals{
    known_refusal{"WRONGTYPE", {fault::conflict, scope::key, "the key holds another type than a string"}},
    known_refusal{"LOADING", {fault::unavailable, scope::server, "Redis is loading its data"}},
    known_refusal{
        "MASTERDOWN",
        {fault::unavailable, scope::server, "Redis is a replica without a connection to its master"}},
    known_refusal{"CLUSTERDOWN", {fault::unavailable, scope::slot, "the Redis cluster is down"}},
    known_refusal{"BUSY", {fault::unavailable, scope::server, "Redis is busy with a script"}},
    known_refusal{"TRYAGAIN", {fault::unavailable, scope::key, "Redis is moving the key to another node"}},
    known_refusal{"READONLY",
                  {fault::unavailable, scope::server, "Redis is a replica, which takes no writes"}},
    known_refusal{"NOREPLICAS", {fault::unavailable, scope::server, "Redis has too few replicas for writes"}},
    known_refusal{"MISCONF",
                  {fault::unavailable, scope::server, "Redis cannot save its data and takes no writes"}},
    known_refusal{"OOM", {fault::overloaded, scope::server, "Redis is out of memory"}},
    known_refusal{"NOAUTH", {fault::denied, scope::server, "Redis requires a password"}},
    known_refusal{"WRONGPASS", {fault::denied, scope::server, "Redis rejects the user or the password"}},
    known_refusal{"NOPERM", {fault::denied, scope::key, "Redis denies access to the key"}},
    known_refusal{"DENIED", {fault::denied, scope::server, "Redis is in protected mode"}},
    known_refusal{"MOVED", {fault::unsupported, scope::slot, foreign_slot}},
    known_refusal{"ASK", {fault::unsupported, scope::slot, foreign_slot}},
    known_refusal{"CROSSSLOT", {fault::unsupported, scope::slot, foreign_slot}},
    known_refusal{"ERR max number of clients reached",
                  {fault::overloaded, scope::server, "Redis has too many clients"}},
    known_refusal{"ERR max number of clients + cluster connections reached",
                  {fault::overloaded, scope::server, "Redis has too many clients"}},
    known_refusal{"ERR unknown command",
                  {fault::unsupported, scope::command, "Redis does not know the command"}},
};

} // namespace

bool begins_with_word(std::string_view text, std::string_view beginning) noexcept {
  return starts_with(text, beginning) && (text.size() == beginning.size() || text[beginning.size()] == ' ');
}

bool is_refusal(const error& failure) noexcept {
  const auto says = [&failure](std::string_view words) {
    return failure.public_message.find(words) != std::string::npos;
  };
  return !failure.public_message.empty() && !says(words_for_unreachable) && !says(words_for_late);
}

refusal refusal_of(std::string_view text) noexcept {
  const auto* known =
      std::find_if(known_refusals.begin(), known_refusals.end(),
                   [text](const known_refusal& one) { return begins_with_word(text, one.beginning); });
  if (known == known_refusals.end())
    return {fault::unsupported, scope::server, "Redis refuses the command"};
  // The texts differ between versions of Redis, but for a command all say "to run the '…' command".
  if (known->beginning == "NOPERM" && text.find(" run the ") != std::string_view::npos)
    return {fault::denied, scope::command, "Redis denies the command"};
  return known->means;
}

} // namespace winnow
