#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// The names of all keys in the store. User ids are opaque bytes: they may contain colons, slashes, spaces
/// and UTF-8.

/// Names one profile: a user, and the time at which the profile was written if its key contains one.
struct profile_key {
  std::string user_id;   ///< Never empty.
  std::string timestamp; ///< The digits as written; empty: none.
};

inline bool operator==(const profile_key& a, const profile_key& b) {
  return a.user_id == b.user_id && a.timestamp == b.timestamp;
}

/// `user_profile:{id}` or `user_profile:{id}:{timestamp}`.
std::string to_redis_key(const profile_key& key);

/// The inverse. A trailing `:` with 9 to 13 digits is the timestamp, unless the id would be empty; so are 16
/// digits, if they are microseconds of the years 2001 to 2099. Returns nullopt if this is not the key of a
/// profile (another prefix, or an empty id).
std::optional<profile_key> parse_profile_key(std::string_view redis_key);

/// What a client names by the id of a user: as in the store's keys, a timestamp may follow, and then the
/// profile of that time is meant. Without one, the timestamp is empty.
profile_key named_profile(std::string_view id);

/// The profile whose result has this key; nullopt if it is not the key of a result.
std::optional<profile_key> parse_result_key(std::string_view redis_key);

/// Whether `a` was written after `b`, for profiles of the same user. Timestamps compare as instants: those of
/// 16 digits are microseconds, of 12 and 13 milliseconds, shorter ones seconds. Any timestamp is newer than
/// none.
bool is_newer(const profile_key& a, const profile_key& b);

/// When a profile was written, since 1970, according to its timestamp; nullopt if it has none.
std::optional<std::chrono::milliseconds> written_at(const profile_key& key);

/// `recommendations:{id}`: the user's list.
std::string recommendations_key(std::string_view user_id);

/// `recommendation_result:{id}:{timestamp}`: the list computed from the profile with that timestamp.
std::string recommendation_result_key(std::string_view user_id, std::string_view timestamp);

/// The key of the list computed from a profile: the user's list if it has no timestamp, else its result.
std::string list_key(const profile_key& of);

/// `winnow:lists:{shard}`: a hash with the records (`list_record`) of some users' lists, by user id. The
/// shards are many, so that each stays small for a million users: Redis stores small hashes compactly.
std::string list_records_key(std::string_view user_id);

/// `winnow:results:{shard}`: a hash that says, for some users' profiles with a timestamp, what their results
/// were made of, in the same shards. Its fields are `{id}:{timestamp}`.
std::string result_records_key(std::string_view user_id);
std::string result_record_field(const profile_key& of);

/// `winnow:events:{id}`: the record of the events that the user's profile was made of.
std::string events_key(std::string_view user_id);

/// The keys that a scan looks for.
enum class key_family { profiles, recommendations, results };

/// The prefix of all keys of the family, including the `:`.
std::string_view prefix_of(key_family family) noexcept;

} // namespace winnow

template<>
struct std::hash<winnow::profile_key> {
  std::size_t operator()(const winnow::profile_key& key) const noexcept {
    const std::hash<std::string> text_hash;
    return text_hash(key.user_id) * 31 + text_hash(key.timestamp);
  }
};
