#pragma once

#include "redis/connection/command_batch.hpp"
#include "redis/connection/reply.hpp"
#include "redis/profile_store.hpp"
#include "redis/store/list_write.hpp"
#include "redis/store/store_protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <optional>
#include <string>

namespace winnow {

/// Private to this folder: what a sweep asks about a user's list, besides the profile. It asks for the list
/// and its record, or, where no records are kept, only whether the list exists. Of the result of a profile
/// with a timestamp, it asks only whether it exists.

void encode_list_check(const std::string& user_id, const store_dialect& dialect, command_batch& batch);

/// How many Redis replies `decode_list_check` needs.
std::size_t list_check_replies(const list_dialect& lists);

/// Fills in what the replies say about the list. @return An error if the list cannot be read.
result<void> decode_list_check(const std::string& user_id, const list_dialect& lists,
                               gsl::span<const reply_ptr> replies, store_value& value);

/// Adds one command.
void encode_result_check(const profile_key& key, const store_dialect& dialect, command_batch& batch);

/// Adds one command if records are kept.
void encode_result_record(const profile_key& key, const store_dialect& dialect, command_batch& batch);
std::optional<std::uint64_t> decode_result_record(const redisReply& reply);

/// Whether the result exists; nullopt if the server refuses to tell.
std::optional<bool> decode_result_check(const profile_key& key, const redisReply& reply);

} // namespace winnow
