#pragma once

#include "redis/connection/command_batch.hpp"
#include "redis/connection/reply.hpp"
#include "redis/profile_store.hpp"
#include "redis/store/list_write.hpp"

#include <cstddef>
#include <gsl/span>
#include <optional>
#include <string_view>

namespace winnow {

/// Private to this folder: converts store commands to Redis commands, and Redis replies to store replies.

/// Which commands the server lets the daemon use. Those of the Python service are GET and SET.
struct store_dialect {
  bool getrange = true; ///< Otherwise GET, which also transfers values that are too long.
  bool exists = true;   ///< Otherwise GET of the list.
  list_dialect lists;
};

/// Adds the Redis commands for `command` to the batch: `reply_count(command)` of them.
void encode(const store_command& command, const store_dialect& dialect, command_batch& batch);

/// Gives up the commands that the server denies, or does not know, according to the replies to a read.
/// @return Whether the dialect has changed, so that the read is worth another try.
bool adapt(store_dialect& dialect, const store_command& command, gsl::span<const reply_ptr> replies);

/// How many Redis replies `decode` needs.
std::size_t reply_count(const store_command& command, const store_dialect& dialect);

/// Makes one store reply of the Redis replies. If a read returns an empty value, the key may be missing: see
/// `encode_lookup`.
store_reply decode(const store_command& command, const store_dialect& dialect,
                   gsl::span<const reply_ptr> replies);

/// Returns the reply with which the server refuses records for good, if one of the replies to this command
/// does; null otherwise.
const redisReply* refused_record(const store_command& command, const list_dialect& lists,
                                 gsl::span<const reply_ptr> replies);

/// The key that messages about this command name.
std::string key_of(const store_command& command);

/// Adds a command that distinguishes a missing key from an empty value. Reads use GETRANGE, so that a value
/// of half a gigabyte stays on the server and does not delay other replies; but the range of a missing key is
/// empty, too.
void encode_lookup(const store_command& command, command_batch& batch);

} // namespace winnow
