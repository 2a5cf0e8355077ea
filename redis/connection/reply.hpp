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

/// A reply parsed by hiredis; null if none has arrived.
using reply_ptr = std::unique_ptr<redisReply, reply_deleter>;

/// The bytes of a string, status or error reply.
inline std::string_view text_of(const redisReply& reply) {
  return reply.str ? std::string_view(reply.str, reply.len) : std::string_view();
}

/// Converts an error reply to an error; `context` names the key or the command. Arguments that the server
/// quotes are removed, because they may be megabytes long or a password. The public message has Winnow's own
/// words after the context.
error error_from_reply(std::string_view context, std::string_view text);

/// Each converts a reply of one kind. Errors: the server's error reply, or `malformed` for a reply of another
/// kind.
result<std::optional<std::string>> as_value(std::string_view context, const redisReply& reply);
result<std::uint64_t> as_count(std::string_view context, const redisReply& reply);
result<void> as_status(std::string_view context, const redisReply& reply);

/// An error reply as if a server had sent it.
reply_ptr error_reply(std::string text);

/// A `malformed` error that names the expected kind of reply and the actual one.
error unexpected_kind(std::string_view context, std::string_view expected, const redisReply& reply);

} // namespace winnow
