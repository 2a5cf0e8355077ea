#include "redis/store/store_protocol.hpp"

#include "redis/connection/refusal.hpp"
#include "redis/records/profile.hpp"
#include "redis/store/list_check.hpp"

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
  store_value found;
  found.value = std::move(*value);
  return found;
}

store_reply longer_value() {
  store_value found;
  found.is_longer = true;
  return found;
}

/// The reply that tells whether the result exists: the last one, or the one before the result's record.
const redisReply& result_reply(const read_profile& command, const list_dialect& lists,
                               gsl::span<const reply_ptr> replies) {
  const std::size_t behind = command.with_result_record && lists.records ? 1 : 0;
  return *replies[replies.size() - 1 - behind];
}

store_reply decode_profile(const read_profile& command, const list_dialect& lists,
                           gsl::span<const reply_ptr> replies) {
  const bool is_longer = command.most_bytes > 0 && replies[0]->type == REDIS_REPLY_STRING &&
                         text_of(*replies[0]).size() > command.most_bytes;
  auto value = is_longer ? longer_value() : read(to_redis_key(command.key), replies[0]);
  if (value && command.with_result_presence)
    value->result_exists = decode_result_check(command.key, result_reply(command, lists, replies));
  if (value && command.with_result_record && lists.records)
    value->result_made_of = decode_result_record(*replies.back());
  if (!value || is_longer || !command.with_list_presence)
    return value;
  if (auto checked = decode_list_check(command.key.user_id, lists, replies.subspan(1), *value); !checked)
    return tl::unexpected<error>(checked.error());
  return value;
}

bool is_unusable_command(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ERROR && refusal_of(text_of(reply)).scope == refusal_scope::command;
}

/// Whether the server refuses the command that tells whether a list or a result exists.
bool is_exists_unusable(const read_profile& command, const list_dialect& lists,
                        gsl::span<const reply_ptr> replies) {
  const bool asked_for_list = command.with_list_presence && !lists.records;
  return (asked_for_list && is_unusable_command(*replies[1])) ||
         (command.with_result_presence && is_unusable_command(result_reply(command, lists, replies)));
}

} // namespace

void encode(const store_command& command, const store_dialect& dialect, command_batch& batch) {
  const auto add_read = [&](const std::string& key, const std::string& end) {
    if (dialect.getrange)
      batch.add({"GETRANGE", key, "0", end});
    else
      batch.add({"GET", key});
  };
  const auto& lists = dialect.lists;
  std::visit(overloaded{
                 [&](const read_profile& c) {
                   const bool part = c.most_bytes > 0 && c.most_bytes < profile_limits{}.max_bytes;
                   add_read(to_redis_key(c.key), part ? std::to_string(c.most_bytes) : range_end);
                   if (c.with_list_presence)
                     encode_list_check(c.key.user_id, dialect, batch);
                   if (c.with_result_presence)
                     encode_result_check(c.key, dialect, batch);
                   if (c.with_result_record)
                     encode_result_record(c.key, dialect, batch);
                 },
                 [&](const read_list& c) {
                   add_read(list_key({c.user_id, c.timestamp}), range_end);
                 },
                 [&](const write_list& c) { encode_write(c, lists, batch); },
                 [&](const note_result& c) {
                   if (lists.records)
                     batch.add({"HSET", result_records_key(c.of.user_id), result_record_field(c.of),
                                to_result_record(c.profile)});
                 },
                 [&](const renew_list& c) {
                   const auto ttl = std::to_string(lists.ttl.count());
                   batch.add({"PEXPIRE", recommendations_key(c.user_id), ttl});
                   if (!c.timestamp.empty())
                     batch.add({"PEXPIRE", recommendation_result_key(c.user_id, c.timestamp), ttl});
                 },
                 [&](const write_profile& c) {
                   batch.add({"SET", to_redis_key(c.key), c.json});
                 },
                 [&](const erase_profile& c) {
                   const bool apart = lists.comparisons; // on another node of a cluster
                   if (c.with_events && apart)
                     batch.add({"DEL", events_key(c.key.user_id)});
                   if (c.with_events && !apart)
                     batch.add({"DEL", to_redis_key(c.key), events_key(c.key.user_id)});
                   else
                     batch.add({"DEL", to_redis_key(c.key)});
                 },
                 [&](const read_events& c) {
                   batch.add({"GET", events_key(c.user_id)});
                 },
                 [&](const write_events& c) {
                   batch.add({"SET", events_key(c.user_id), c.record});
                 },
                 [&](const erase_list& c) {
                   if (is_scripted(c, lists))
                     return encode_erase(c, lists, batch);
                   if (c.newest)
                     batch.add({"DEL", recommendations_key(c.of.user_id)});
                   if (!c.of.timestamp.empty())
                     batch.add({"DEL", recommendation_result_key(c.of.user_id, c.of.timestamp)});
                   if (c.newest && lists.records)
                     batch.add({"HDEL", list_records_key(c.of.user_id), c.of.user_id});
                   if (!c.of.timestamp.empty() && lists.records)
                     batch.add({"HDEL", result_records_key(c.of.user_id), result_record_field(c.of)});
                 },
             },
             command);
}

std::size_t reply_count(const store_command& command, const store_dialect& dialect) {
  const auto& lists = dialect.lists;
  return std::visit(
      overloaded{
          [&](const read_profile& c) -> std::size_t {
            return 1 + (c.with_list_presence ? list_check_replies(lists) : 0) +
                   (c.with_result_presence ? 1 : 0) + (c.with_result_record && lists.records ? 1 : 0);
          },
          [&](const note_result&) -> std::size_t { return lists.records ? 1 : 0; },
          [&](const write_list& c) { return write_reply_count(c, lists); },
          [](const renew_list& c) { return lists_of(true, c.timestamp); },
          [&](const erase_list& c) -> std::size_t {
            if (is_scripted(c, lists))
              return 1;
            const auto count = lists_of(c.newest, c.of.timestamp);
            return lists.records ? 2 * count : count; // each has a record
          },
          [&](const erase_profile& c) -> std::size_t { return c.with_events && lists.comparisons ? 2 : 1; },
          [](const auto&) -> std::size_t { return 1; },
      },
      command);
}

store_reply decode(const store_command& command, const store_dialect& dialect,
                   gsl::span<const reply_ptr> replies) {
  const auto& lists = dialect.lists;
  return std::visit(
      overloaded{
          [&](const read_profile& c) { return decode_profile(c, lists, replies); },
          [&](const read_list& c) -> store_reply {
            return read(list_key({c.user_id, c.timestamp}), replies[0]);
          },
          [&](const write_list& c) -> store_reply { return decode_write(c, lists, replies); },
          [&](const renew_list& c) -> store_reply {
            for (const auto& reply : replies)
              if (const auto renewed = as_count(recommendations_key(c.user_id), *reply); !renewed)
                return tl::unexpected<error>(renewed.error());
            return store_value{};
          },
          [&](const note_result& c) -> store_reply {
            if (!replies.empty())
              if (const auto noted = as_count(result_records_key(c.of.user_id), *replies[0]); !noted)
                return tl::unexpected<error>(noted.error());
            return store_value{};
          },
          [&](const erase_list& c) -> store_reply {
            const auto count = is_scripted(c, lists) ? 1 : lists_of(c.newest, c.of.timestamp);
            for (const auto& reply : replies.first(count))
              if (const auto removed = as_count(recommendations_key(c.of.user_id), *reply); !removed)
                return tl::unexpected<error>(removed.error());
            return store_value{};
          },
          [&](const write_profile& c) -> store_reply { return written(to_redis_key(c.key), replies[0]); },
          [&](const read_events& c) -> store_reply { return read(events_key(c.user_id), replies[0]); },
          [&](const write_events& c) -> store_reply { return written(events_key(c.user_id), replies[0]); },
          [&](const erase_profile& c) -> store_reply {
            for (const auto& reply : replies)
              if (const auto removed = as_count(to_redis_key(c.key), *reply); !removed)
                return tl::unexpected<error>(removed.error());
            return store_value{};
          },
      },
      command);
}

const redisReply* refused_record(const store_command& command, const list_dialect& lists,
                                 gsl::span<const reply_ptr> replies) {
  constexpr std::size_t record_reply = 2; // after the profile and the list
  const redisReply* reply = nullptr;
  if (const auto* const read = std::get_if<read_profile>(&command);
      read != nullptr && read->with_list_presence && lists.records)
    reply = replies[record_reply].get();
  if (const auto* const write = std::get_if<write_list>(&command);
      write != nullptr && has_record(*write, lists) && !is_scripted(*write, lists))
    reply = replies.back().get();
  return reply != nullptr && is_refused_for_good(*reply) ? reply : nullptr;
}

bool adapt(store_dialect& dialect, const store_command& command, gsl::span<const reply_ptr> replies) {
  if (!std::holds_alternative<read_profile>(command) && !std::holds_alternative<read_list>(command))
    return false;
  const bool getrange = dialect.getrange && !is_unusable_command(*replies[0]);
  const auto* const read = std::get_if<read_profile>(&command);
  const bool exists =
      dialect.exists && !(read != nullptr && is_exists_unusable(*read, dialect.lists, replies));
  const bool changed = getrange != dialect.getrange || exists != dialect.exists;
  dialect.getrange = getrange;
  dialect.exists = exists;
  return changed;
}

std::string key_of(const store_command& command) {
  return std::visit(
      [](const auto& c) {
        using type = std::decay_t<decltype(c)>;
        if constexpr (std::is_same_v<type, read_list>)
          return list_key({c.user_id, c.timestamp});
        else if constexpr (std::is_same_v<type, write_list> || std::is_same_v<type, renew_list>)
          return recommendations_key(c.user_id);
        else if constexpr (std::is_same_v<type, read_events> || std::is_same_v<type, write_events>)
          return events_key(c.user_id);
        else if constexpr (std::is_same_v<type, erase_list>)
          return recommendations_key(c.of.user_id);
        else if constexpr (std::is_same_v<type, note_result>)
          return result_records_key(c.of.user_id);
        else
          return to_redis_key(c.key);
      },
      command);
}

void encode_lookup(const store_command& command, command_batch& batch) {
  batch.add({"GET", key_of(command)});
}

} // namespace winnow
