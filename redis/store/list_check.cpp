#include "redis/store/list_check.hpp"

#include "redis/connection/refusal.hpp"
#include "redis/records/keys.hpp"
#include "redis/records/list_record.hpp"

#include <utility>

namespace winnow {

namespace {

// Far longer than lists are. A longer one differs from its record, which is all that matters.
const std::string longest_list = std::to_string(std::size_t{64} << 10U);

/// From the reply to EXISTS, or to GET in its place.
result<bool> list_exists(const std::string& key, const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER)
    return reply.integer > 0;
  if (reply.type == REDIS_REPLY_ERROR && refusal_of(text_of(reply)).cause == fault::conflict)
    return true; // of another type, but there
  return as_value(key, reply).map([](const auto& value) { return value.has_value(); });
}

} // namespace

void encode_list_check(const std::string& user_id, const store_dialect& dialect, command_batch& batch) {
  const auto key = recommendations_key(user_id);
  const auto& lists = dialect.lists;
  if (!lists.records) {
    batch.add({dialect.exists ? "EXISTS" : "GET", key});
    return;
  }
  if (dialect.getrange)
    batch.add({"GETRANGE", key, "0", longest_list});
  else
    batch.add({"GET", key});
  batch.add({"HGET", list_records_key(user_id), user_id});
  if (lists.ttl.count() > 0)
    batch.add({"PTTL", key});
}

std::size_t list_check_replies(const list_dialect& lists) {
  return !lists.records ? 1 : lists.ttl.count() > 0 ? 3 : 2;
}

result<void> decode_list_check(const std::string& user_id, const list_dialect& lists,
                               gsl::span<const reply_ptr> replies, store_value& value) {
  const auto key = recommendations_key(user_id);
  if (!lists.records) {
    const auto exists = list_exists(key, *replies[0]);
    if (!exists)
      return tl::unexpected<error>(exists.error());
    value.list_exists = *exists;
    return {};
  }
  value.records_kept = true;
  auto json = as_value(key, *replies[0]);
  if (!json && json.error().cause != fault::conflict) // something else than a list is no list
    return tl::unexpected<error>(json.error());
  value.list_exists = json && *json && !(*json)->empty();
  const auto record = as_value(list_records_key(user_id), *replies[1]);
  value.has_record = record && *record;
  if (!value.list_exists)
    return {};
  value.list = kept_list{std::move(**json), std::nullopt, false};
  if (record && *record)
    value.list->record = parse_list_record(**record);
  if (lists.ttl.count() > 0) // an error, or -1: it does not expire
    value.list->ends_soon =
        replies[2]->type == REDIS_REPLY_INTEGER && replies[2]->integer < lists.ttl.count() / 2;
  value.records_kept = record.has_value();
  return {};
}

void encode_result_check(const profile_key& key, const store_dialect& dialect, command_batch& batch) {
  batch.add({dialect.exists ? "EXISTS" : "GET", recommendation_result_key(key.user_id, key.timestamp)});
}

void encode_result_record(const profile_key& key, const store_dialect& dialect, command_batch& batch) {
  if (dialect.lists.records)
    batch.add({"HGET", result_records_key(key.user_id), result_record_field(key)});
}

std::optional<std::uint64_t> decode_result_record(const redisReply& reply) {
  return reply.type == REDIS_REPLY_STRING ? parse_result_record(text_of(reply)) : std::nullopt;
}

std::optional<bool> decode_result_check(const profile_key& key, const redisReply& reply) {
  const auto exists = list_exists(recommendation_result_key(key.user_id, key.timestamp), reply);
  return exists ? std::optional(*exists) : std::nullopt;
}

} // namespace winnow
