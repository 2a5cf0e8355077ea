#pragma once

#include "config/error.hpp"
#include "redis/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace winnow {

/// Reads a profile's JSON; on wish also whether the user has a stored list.
struct read_profile {
  profile_key key;
  bool with_list_presence = false; ///< Fills `store_value::list_exists`.
};

/// Reads a user's stored list.
struct read_list {
  std::string user_id;
};

/// Stores a user's list, and the same under the profile's timestamp where there is one.
struct write_list {
  std::string user_id;
  std::string timestamp; ///< Empty: none.
  std::string json;
};

/// Stores a profile.
struct write_profile {
  profile_key key;
  std::string json;
};

/// Removes a profile; that it did not exist is no error.
struct erase_profile {
  profile_key key;
};

using store_command = std::variant<read_profile, read_list, write_list, write_profile, erase_profile>;

/// What a command brought back.
struct store_value {
  std::optional<std::string> value; ///< Of a read: none where the key does not exist. Of others: always none.
  bool list_exists = false;         ///< Only for `read_profile::with_list_presence`.
};

using store_reply = result<store_value>;

/// A part of a scan.
struct scan_page {
  std::uint64_t next = 0;        ///< The cursor of the next page; 0: this was the last.
  std::vector<std::string> keys; ///< Keys as stored. May be empty before the end; a key may come twice.
};

/// How the store's connection does, for status pages and metrics.
struct store_state {
  bool connected = false;
  std::string address;        ///< With the password masked.
  std::string last_error;     ///< Of the last lost connection or failed attempt; empty: none so far.
  std::uint64_t connects = 0; ///< Connections made.
  std::uint64_t failures = 0; ///< Connections lost, and attempts that failed.
};

/// Profiles and lists, in Redis or in this process. Not thread-safe: one owner thread calls everything, and
/// every call but `state` blocks it, at most for connect and command time-out together (name resolution not
/// counted).
///
/// A call connects where there is no connection. After a failure come pauses that grow; calls within a pause
/// fail at once and say when the next attempt is due.
///
/// Causes: `unavailable` and `timeout` (server away, or not able to serve at present), `denied` (credentials,
/// ACL), `conflict` (the key holds another type), `overloaded` (server out of memory), `too_large` (value
/// beyond `profile_limits`), `unsupported` (the server refuses the command), `malformed` (a reply of the
/// wrong kind). Messages name the key.
class profile_store {
public:
  profile_store() = default;
  profile_store(const profile_store&) = delete;
  profile_store& operator=(const profile_store&) = delete;
  virtual ~profile_store() = default;

  /// Executes all commands in one pipeline. A reply each, in order; one command's error leaves its neighbours
  /// alone. Where the connection breaks, what was not answered gets `unavailable` or `timeout`: such a write
  /// may or may not have happened.
  virtual std::vector<store_reply> execute(gsl::span<const store_command> commands) = 0;

  /// One page of the family's keys, looking at about `count` of all keys. Begin with cursor 0. Keys that
  /// exist from the first page to the last are all found.
  virtual result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) = 0;

  /// How many keys the database holds, of whatever family.
  virtual result<std::uint64_t> key_count() = 0;

  /// Whether the store answers.
  virtual result<void> ping() = 0;

  virtual store_state state() const = 0;
};

} // namespace winnow
