#pragma once

#include "redis/command_batch.hpp"
#include "redis/profile_store.hpp"
#include "redis/reply.hpp"

#include <cstddef>
#include <gsl/span>

namespace winnow {

/// Private to this folder: store commands as Redis commands, and Redis replies as store replies.

/// Adds what `command` takes to the batch: `reply_count(command)` Redis commands.
void encode(const store_command& command, command_batch& batch);

/// How many Redis replies `decode` needs.
std::size_t reply_count(const store_command& command);

/// Makes one reply of Redis' replies. An empty value of a read says nothing yet: see `encode_lookup`.
store_reply decode(const store_command& command, gsl::span<const reply_ptr> replies);

/// The key that messages on this command name.
std::string key_of(const store_command& command);

/// Reads are bounded (GETRANGE), so that a value of half a gigabyte stays on the server and does not hold up
/// its neighbours; but a range of a missing key is empty like that of an empty value. This tells them apart.
void encode_lookup(const store_command& command, command_batch& batch);

} // namespace winnow
