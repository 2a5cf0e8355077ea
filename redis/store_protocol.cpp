#include "redis/store_protocol.hpp"

#include "redis/profile.hpp"
#include "redis/refusal.hpp"

#include <string>
#include <type_traits>
#include <utility>

namespace winnow {
namespace {

template<class... Functions>
struct overloaded : Functions... {
  using Functions::operator()...;
};
template<class... Functions>
overloaded(Functions...) -> overloaded<Functions...>;

// GETRANGE includes both ends, so this reads one byte more than a value may have.
const std::string range_end = std::to_string(profile_limits{}.max_bytes);

/// How many keys hold the list of a profile.
std::size_t lists_of(bool newest, const std::string& timestamp) {
  return (newest ? 1 : 0) + (timestamp.empty() ? 0 : 1);
}

store_reply written(std::string_view key, const reply_ptr& reply) {
  return as_status(key, *reply).map([] { return store_value{}; });
}

store_reply read(const std::string& key, const reply_ptr& reply) {
  auto value = as_value(key, *reply);
  if (!value)
    return tl::unexpected<error>(std::move(value.error()));
  if (*value && (*value)->size() > profile_limits{}.max_bytes)
    return fail(fault::too_large, key + ": more than " + range_end + " bytes");
  return store_value{std::move(*value), false};
}

/// From the reply to EXISTS, or to GET in its place.
result<bool> list_exists(const std::string& key, const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER)
    return reply.integer > 0;
  if (reply.type == REDIS_REPLY_ERROR && refusal_of(text_of(reply)).cause == fault::conflict)
    return true; // of another type, but there
  return as_value(key, reply).map([](const auto& value) { return value.has_value(); });
}

bool is_unusable_command(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ERROR && refusal_of(text_of(reply)).scope == refusal_scope::command;
}

} // namespace

void encode(const store_command& command, const store_dialect& dialect, command_batch& batch) {
  const auto add_read = [&](const std::string& key) {
    if (dialect.getrange)
      batch.add({"GETRANGE", key, "0", range_end});
    else
      batch.add({"GET", key});
  };
  std::visit(overloaded{
                 [&](const read_profile& c) {
                   add_read(to_redis_key(c.key));
                   if (c.with_list_presence)
                     batch.add({dialect.exists ? "EXISTS" : "GET", recommendations_key(c.key.user_id)});
                 },
                 [&](const read_list& c) { add_read(recommendations_key(c.user_id)); },
                 [&](const write_list& c) {
                   if (c.newest)
                     batch.add({"SET", recommendations_key(c.user_id), c.json});
                   if (!c.timestamp.empty())
                     batch.add({"SET", recommendation_result_key(c.user_id, c.timestamp), c.json});
                 },
                 [&](const write_profile& c) {
                   batch.add({"SET", to_redis_key(c.key), c.json});
                 },
                 [&](const erase_profile& c) {
                   batch.add({"DEL", to_redis_key(c.key)});
                 },
                 [&](const erase_list& c) {
                   if (c.newest)
                     batch.add({"DEL", recommendations_key(c.of.user_id)});
                   if (!c.of.timestamp.empty())
                     batch.add({"DEL", recommendation_result_key(c.of.user_id, c.of.timestamp)});
                 },
             },
             command);
}

std::size_t reply_count(const store_command& command) {
  return std::visit(overloaded{
                        [](const read_profile& c) -> std::size_t { return c.with_list_presence ? 2 : 1; },
                        [](const write_list& c) { return lists_of(c.newest, c.timestamp); },
                        [](const erase_list& c) { return lists_of(c.newest, c.of.timestamp); },
                        [](const auto&) -> std::size_t { return 1; },
                    },
                    command);
}

store_reply decode(const store_command& command, gsl::span<const reply_ptr> replies) {
  return std::visit(
      overloaded{
          [&](const read_profile& c) -> store_reply {
            auto value = read(to_redis_key(c.key), replies[0]);
            if (!value || !c.with_list_presence)
              return value;
            const auto exists = list_exists(recommendations_key(c.key.user_id), *replies[1]);
            if (!exists)
              return tl::unexpected<error>(exists.error());
            value->list_exists = *exists;
            return value;
          },
          [&](const read_list& c) -> store_reply { return read(recommendations_key(c.user_id), replies[0]); },
          [&](const write_list& c) -> store_reply {
            store_reply stored = store_value{};
            if (c.newest)
              stored = written(recommendations_key(c.user_id), replies[0]);
            if (!stored || c.timestamp.empty())
              return stored;
            return written(recommendation_result_key(c.user_id, c.timestamp), replies[c.newest ? 1 : 0]);
          },
          [&](const erase_list& c) -> store_reply {
            for (const auto& reply : replies)
              if (const auto removed = as_count(recommendations_key(c.of.user_id), *reply); !removed)
                return tl::unexpected<error>(removed.error());
            return store_value{};
          },
          [&](const write_profile& c) -> store_reply { return written(to_redis_key(c.key), replies[0]); },
          [&](const erase_profile& c) -> store_reply {
            return as_count(to_redis_key(c.key), *replies[0]).map([](std::uint64_t) {
              return store_value{};
            });
          },
      },
      command);
}

std::string_view command_name(store_need need, const store_dialect& dialect) {
  switch (need) {
  case store_need::reading:
    return dialect.getrange ? "GETRANGE" : "GET";
  case store_need::storing:
    return "SET";
  case store_need::listing:
    return "SCAN";
  }
  return "";
}

bool adapt(store_dialect& dialect, const store_command& command, gsl::span<const reply_ptr> replies) {
  if (need_of(command) != store_need::reading)
    return false;
  const bool getrange = dialect.getrange && !is_unusable_command(*replies[0]);
  const bool exists = dialect.exists && (replies.size() < 2 || !is_unusable_command(*replies[1]));
  const bool changed = getrange != dialect.getrange || exists != dialect.exists;
  dialect = {getrange, exists};
  return changed;
}

std::optional<store_need> need_of(const store_command& command) {
  return std::visit(
      [](const auto& c) -> std::optional<store_need> {
        using type = std::decay_t<decltype(c)>;
        if constexpr (std::is_same_v<type, read_profile> || std::is_same_v<type, read_list>)
          return store_need::reading;
        else if constexpr (std::is_same_v<type, write_list> || std::is_same_v<type, write_profile>)
          return store_need::storing;
        else
          return std::nullopt;
      },
      command);
}

std::string key_of(const store_command& command) {
  return std::visit(
      [](const auto& c) {
        using type = std::decay_t<decltype(c)>;
        if constexpr (std::is_same_v<type, read_list> || std::is_same_v<type, write_list>)
          return recommendations_key(c.user_id);
        else if constexpr (std::is_same_v<type, erase_list>)
          return recommendations_key(c.of.user_id);
        else
          return to_redis_key(c.key);
      },
      command);
}

void encode_lookup(const store_command& command, command_batch& batch) {
  batch.add({"GET", key_of(command)});
}

} // namespace winnow
