#pragma once

#include "redis/profile_store.hpp"
#include "redis/store/store_protocol.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to this folder: what commands do for a need, by the family of their keys, because an ACL may treat
/// each family differently.
enum class store_use {
  profile_reads,
  list_reads,
  list_writes,
  result_writes, ///< Lists of profiles with a timestamp.
  scans,
};

inline constexpr std::size_t store_uses = 5;

store_need need_of(store_use use);

/// The name of the Redis command for a use, in upper case.
std::string_view command_name(store_use use, const store_dialect& dialect);

/// The keys of a use as a pattern, e.g. `recommendations:*`; empty for scans, which have none.
std::string_view keys_of(store_use use);

/// What the ids of the users begin with whom probes ask for, and no shop has.
inline constexpr std::string_view probe_user_prefix = "winnow-probe-";

/// The keys that a probe of a use tries as a pattern, e.g. `recommendations:winnow-probe-*`.
std::string probe_keys_of(store_use use);

/// What one reply tells of.
struct use_reply {
  store_use use;
  const redisReply& reply;
  bool of_key_alone = false; ///< To another command than that of the use: tells of the right to the key only.
};

/// What the replies to a command tell of; nothing for commands that requests and changed profiles can do
/// without. A script that stored nothing does not tell whether it could have, and a stored profile does not
/// tell whether lists can be stored.
std::vector<use_reply> told_uses(const store_command& command, const store_dialect& dialect,
                                 gsl::span<const reply_ptr> replies);

/// Whether the command is about a profile with a timestamp, which has a list of its own.
bool has_timestamp(const store_command& command);

} // namespace winnow
