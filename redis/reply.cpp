#include "redis/reply.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace winnow {
namespace {

struct error_word {
  std::string_view word;
  fault cause;
};

constexpr std::array error_words{
    error_word{"WRONGTYPE", fault::conflict},
    // The server is up but cannot serve now; a later attempt may work. This includes READONLY: after a
    // failover, this replica may become a master again, or a new connection finds the new master.
    error_word{"LOADING", fault::unavailable},
    error_word{"MASTERDOWN", fault::unavailable},
    error_word{"CLUSTERDOWN", fault::unavailable},
    error_word{"BUSY", fault::unavailable},
    error_word{"TRYAGAIN", fault::unavailable},
    error_word{"READONLY", fault::unavailable},
    error_word{"NOREPLICAS", fault::unavailable},
    error_word{"MISCONF", fault::unavailable},
    error_word{"OOM", fault::overloaded},
    error_word{"NOAUTH", fault::denied},
    error_word{"WRONGPASS", fault::denied},
    error_word{"NOPERM", fault::denied},
    error_word{"DENIED", fault::denied},
    error_word{"MOVED", fault::unsupported},
    error_word{"ASK", fault::unsupported},
    error_word{"CROSSSLOT", fault::unsupported},
};

constexpr std::string_view too_many_clients = "ERR max number of clients reached";

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

fault cause_of_error_reply(std::string_view text) noexcept {
  const auto word = text.substr(0, text.find(' '));
  const auto* known = std::find_if(error_words.begin(), error_words.end(),
                                   [word](const error_word& candidate) { return candidate.word == word; });
  if (known != error_words.end())
    return known->cause;
  return text.substr(0, too_many_clients.size()) == too_many_clients ? fault::overloaded : fault::unsupported;
}

error error_from_reply(std::string_view context, std::string_view text) {
  constexpr std::size_t longest = 200;
  const auto shown = text.substr(0, std::min(text.find(", with args beginning with"), longest));
  return error{cause_of_error_reply(text), std::string(context).append(": ").append(shown)};
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
