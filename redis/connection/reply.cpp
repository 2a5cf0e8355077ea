#include "redis/connection/reply.hpp"

#include "redis/connection/node_failure.hpp"
#include "redis/connection/refusal.hpp"

#include <algorithm>
#include <utility>

namespace winnow {
namespace {

std::string_view kind_of(const redisReply& reply) noexcept {
  switch (reply.type) {
  case REDIS_REPLY_STRING:
    return "a string";
  case REDIS_REPLY_ARRAY:
    return "an array";
  case REDIS_REPLY_INTEGER:
    return "an integer";
  case REDIS_REPLY_NIL:
    return "nil";
  case REDIS_REPLY_STATUS:
    return "a status";
  case REDIS_REPLY_ERROR:
    return "an error";
  default:
    return "a reply of another protocol";
  }
}

tl::unexpected<error> refuse(std::string_view context, std::string_view expected, const redisReply& reply) {
  if (reply.type == REDIS_REPLY_ERROR)
    return tl::unexpected<error>(error_from_reply(context, text_of(reply)));
  return tl::unexpected<error>(unexpected_kind(context, expected, reply));
}

} // namespace

error error_from_reply(std::string_view context, std::string_view text) {
  constexpr std::size_t longest = 200;
  const auto shown = text.substr(0, std::min(text.find(", with args beginning with"), longest));
  const auto means = refusal_of(text);
  const auto in_context = [context](std::string_view what) {
    return std::string(context).append(": ").append(what);
  };
  if (const auto node = node_failure_of(text)) // without the address
    return error{means.cause, in_context(shown),
                 in_context("a node of the Redis cluster: " + std::string(node->words))};
  return error{means.cause, in_context(shown), in_context(means.meaning)};
}

reply_ptr error_reply(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(), redisReaderFree);
  const auto bytes = "-" + text + "\r\n";
  void* reply = nullptr;
  redisReaderFeed(reader.get(), bytes.data(), bytes.size());
  redisReaderGetReply(reader.get(), &reply);
  return reply_ptr(static_cast<redisReply*>(reply));
}

error unexpected_kind(std::string_view context, std::string_view expected, const redisReply& reply) {
  return error{fault::malformed, std::string(context)
                                     .append(": expected ")
                                     .append(expected)
                                     .append(" from the server, got ")
                                     .append(kind_of(reply))};
}

result<std::optional<std::string>> as_value(std::string_view context, const redisReply& reply) {
  if (reply.type == REDIS_REPLY_NIL)
    return std::nullopt;
  if (reply.type == REDIS_REPLY_STRING)
    return std::string(text_of(reply));
  return refuse(context, "a string", reply);
}

result<std::uint64_t> as_count(std::string_view context, const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER && reply.integer >= 0)
    return static_cast<std::uint64_t>(reply.integer);
  return refuse(context, "a count", reply);
}

result<void> as_status(std::string_view context, const redisReply& reply) {
  if (reply.type == REDIS_REPLY_STATUS)
    return {};
  return refuse(context, "a status", reply);
}

} // namespace winnow
