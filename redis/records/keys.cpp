#include "redis/records/keys.hpp"

#include "config/text/ascii.hpp"

#include <algorithm>
#include <cstdint>

namespace winnow {
namespace {

constexpr std::string_view profiles_prefix = "user_profile:";
constexpr std::string_view recommendations_prefix = "recommendations:";
constexpr std::string_view results_prefix = "recommendation_result:";
constexpr std::string_view records_prefix = "winnow:lists:";
constexpr std::string_view result_records_prefix = "winnow:results:";
constexpr std::string_view events_prefix = "winnow:events:";

// Unix seconds since 1973 have 9 or 10 digits, milliseconds 12 or 13. Shorter or longer numbers are part of
// an id, but for microseconds.
constexpr std::size_t min_timestamp_digits = 9;
constexpr std::size_t max_timestamp_digits = 13;

// Other numbers of 16 digits are more likely part of an id. Texts of the same length compare as their
// numbers.
constexpr std::string_view earliest_microseconds = "0978307200000000"; // 2001
constexpr std::string_view end_of_microseconds = "4102444800000000";   // 2100

bool are_microseconds(std::string_view digits) {
  return digits.size() == end_of_microseconds.size() && digits >= earliest_microseconds &&
         digits < end_of_microseconds;
}

bool is_timestamp(std::string_view text) {
  const bool may_be =
      (text.size() >= min_timestamp_digits && text.size() <= max_timestamp_digits) || are_microseconds(text);
  return may_be && std::all_of(text.begin(), text.end(), is_digit);
}

std::string join(std::string_view prefix, std::string_view user_id, std::string_view timestamp = {}) {
  std::string key;
  key.reserve(prefix.size() + user_id.size() + 1 + timestamp.size());
  key.append(prefix).append(user_id);
  if (!timestamp.empty())
    key.append(1, ':').append(timestamp);
  return key;
}

/// In microseconds since 1970.
std::uint64_t instant_of(const std::string& timestamp) {
  constexpr std::size_t most_digits_of_seconds = 11; // until the year 5138
  std::uint64_t number = 0;
  for (const char digit : timestamp)
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  if (timestamp.size() > max_timestamp_digits)
    return number;
  return timestamp.size() > most_digits_of_seconds ? number * 1000 : number * 1'000'000;
}

} // namespace

std::string to_redis_key(const profile_key& key) {
  return join(profiles_prefix, key.user_id, key.timestamp);
}

namespace {

/// Parses what follows a prefix: an id, maybe with a timestamp.
std::optional<profile_key> parse_behind(std::string_view prefix, std::string_view redis_key) {
  if (redis_key.substr(0, prefix.size()) != prefix)
    return std::nullopt;
  const auto rest = redis_key.substr(prefix.size());
  if (rest.empty())
    return std::nullopt;
  const auto colon = rest.rfind(':');
  if (colon != std::string_view::npos && colon > 0 && is_timestamp(rest.substr(colon + 1)))
    return profile_key{std::string(rest.substr(0, colon)), std::string(rest.substr(colon + 1))};
  return profile_key{std::string(rest), {}};
}

} // namespace

std::optional<profile_key> parse_profile_key(std::string_view redis_key) {
  return parse_behind(profiles_prefix, redis_key);
}

profile_key named_profile(std::string_view id) {
  const profile_key as_written{std::string(id), {}};
  return parse_profile_key(to_redis_key(as_written)).value_or(as_written);
}

std::optional<profile_key> parse_result_key(std::string_view redis_key) {
  auto key = parse_behind(results_prefix, redis_key);
  return key && !key->timestamp.empty() ? key : std::nullopt;
}

bool is_newer(const profile_key& a, const profile_key& b) {
  if (a.timestamp.empty() || b.timestamp.empty())
    return !a.timestamp.empty() && b.timestamp.empty();
  return instant_of(a.timestamp) > instant_of(b.timestamp);
}

std::optional<std::chrono::milliseconds> written_at(const profile_key& key) {
  if (key.timestamp.empty())
    return std::nullopt;
  return std::chrono::milliseconds(instant_of(key.timestamp) / 1000);
}

std::string recommendations_key(std::string_view user_id) {
  return join(recommendations_prefix, user_id);
}

std::string recommendation_result_key(std::string_view user_id, std::string_view timestamp) {
  return join(results_prefix, user_id, timestamp);
}

std::string list_key(const profile_key& of) {
  return of.timestamp.empty() ? recommendations_key(of.user_id)
                              : recommendation_result_key(of.user_id, of.timestamp);
}

std::string events_key(std::string_view user_id) {
  return join(events_prefix, user_id);
}

namespace {

/// The shard in which a user's records are.
std::string shard_of(std::string_view user_id) {
  // FNV-1a, because every process and version of Winnow must find the same shard.
  constexpr std::uint64_t shards = 16'384;
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char byte : user_id)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
  return std::to_string((hash ^ (hash >> 32U)) % shards);
}

} // namespace

std::string list_records_key(std::string_view user_id) {
  return join(records_prefix, shard_of(user_id));
}

std::string result_records_key(std::string_view user_id) {
  return join(result_records_prefix, shard_of(user_id));
}

std::string result_record_field(const profile_key& of) {
  return of.user_id + ":" + of.timestamp;
}

std::string_view prefix_of(key_family family) noexcept {
  switch (family) {
  case key_family::profiles:
    return profiles_prefix;
  case key_family::recommendations:
    return recommendations_prefix;
  case key_family::results:
    return results_prefix;
  }
  return {};
}

} // namespace winnow
