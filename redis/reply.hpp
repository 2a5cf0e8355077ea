#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <hiredis.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: replies of a Redis server as values.

struct reply_deleter {
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};

/// A reply that hiredis has parsed. Null: none has come.
using reply_ptr = std::unique_ptr<redisReply, reply_deleter>;

/// The bytes of a string, status or error reply.
inline std::string_view text_of(const redisReply& reply) {
  return reply.str ? std::string_view(reply.str, reply.len) : std::string_view();
}

/// The cause that an error reply stands for, by its first word.
fault cause_of_error_reply(std::string_view text) noexcept;

/// An error reply as an error; `context` names the key or the command. Arguments that the server quotes are
/// cut off: they may be megabytes long, or a password.
error error_from_reply(std::string_view context, std::string_view text);

/// Each takes a reply of one kind apart. Errors: what the server's error reply says, or `malformed` where a
/// reply of another kind came.
result<std::optional<std::string>> as_value(std::string_view context, const redisReply& reply);
result<std::uint64_t> as_count(std::string_view context, const redisReply& reply);
result<void> as_status(std::string_view context, const redisReply& reply);

/// `malformed`: names the kind that was expected and the one that came.
error unexpected_kind(std::string_view context, std::string_view expected, const redisReply& reply);

} // namespace winnow
