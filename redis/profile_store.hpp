#pragma once

#include "config/error.hpp"
#include "redis/records/keys.hpp"
#include "redis/records/list_record.hpp"
#include "redis/records/profile_fingerprint.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace winnow {

/// Reads a profile's JSON and, if requested, whether the user has a stored list, and the profile a result.
struct read_profile {
  profile_key key;
  bool with_list_presence = false; ///< Fills `store_value::list_exists`, and `list` if records are kept.
  /// Of a longer value, only `store_value::is_longer` and `result_exists` are set. 0: no limit.
  std::size_t most_bytes = 0;
  bool with_result_presence = false; ///< Fills `store_value::result_exists`. Needs a timestamp.
  bool with_result_record = false;   ///< Fills `store_value::result_made_of`. Needs a timestamp.
};

/// Reads a user's stored list, or that of one profile.
struct read_list {
  std::string user_id;
  std::string timestamp = {}; ///< Empty: the user's list; otherwise the one stored under this timestamp.
};

/// Stores a user's list, and a copy under the profile's timestamp if it has one.
struct write_list {
  std::string user_id;
  std::string timestamp; ///< Empty: none.
  std::string json;
  bool newest = true; ///< False: the user has a newer profile, so only the copy is stored. Needs a timestamp.
  /// If set, nothing is stored unless the profile of this user and timestamp still is this. A server may not
  /// be able to compare; then the list is stored.
  std::optional<profile_fingerprint> only_if = std::nullopt;
  std::optional<list_record> record = std::nullopt; ///< Kept with the list if the store keeps records.
  /// True: a list whose record has another basis stays, and this one is dropped as if it were stored. For a
  /// writer that does not know whether its models are those in force.
  bool yields = false;
};

/// Notes what the result of a profile with a timestamp was made of, if records are kept. It goes with the
/// result.
struct note_result {
  profile_key of;
  std::uint64_t profile = 0; ///< Digest of the profile's bytes.
};

/// Postpones the end of a user's list, if lists expire.
struct renew_list {
  std::string user_id;
  std::string timestamp = {}; ///< The copy under it ends with the list. Empty: none.
};

/// Removes the list of a profile that no longer exists, and its record. It is no error if the list does not
/// exist.
struct erase_list {
  profile_key of;     ///< The copy under its timestamp is removed, if it has one.
  bool newest = true; ///< False: only the copy is removed.
  /// True: nothing is removed if the profile exists, because another process may have stored its list by now.
  /// A server may not be able to compare; then the list is removed. The embedded store has no other
  /// processes.
  bool only_if_gone = false;
};

/// Stores a profile.
struct write_profile {
  profile_key key;
  std::string json;
};

/// Removes a profile. It is no error if the profile does not exist.
struct erase_profile {
  profile_key key;
  bool with_events = false; ///< Also removes the record of the user's events.
};

/// Reads the record of the events that a user's profile was made of.
struct read_events {
  std::string user_id;
};

/// Stores that record.
struct write_events {
  std::string user_id;
  std::string record;
};

using store_command = std::variant<read_profile, read_list, write_list, write_profile, erase_profile,
                                   erase_list, renew_list, note_result, read_events, write_events>;

/// A stored list and what it was made of.
struct kept_list {
  std::string json; ///< Cut off if it is much longer than a list.
  std::optional<list_record> record;
  bool ends_soon = false; ///< Less than half of the time to live is left.
};

/// The result of a command.
struct store_value {
  /// Of reads: nullopt if the key does not exist. Of writes: always nullopt.
  std::optional<std::string> value;
  bool is_longer = false; ///< Only for `read_profile::most_bytes`. True: there is a value, which is not set.
  bool list_exists = false; ///< Only for `read_profile::with_list_presence`.
  bool stored = true;       ///< Only for `write_list::only_if`. False: the profile has changed or is gone.
  /// Only for `read_profile::with_list_presence`; nullopt if there is no list, or no records are kept.
  std::optional<kept_list> list = std::nullopt;
  bool records_kept = false; ///< Whether the absence of a record means that the list is due.
  bool has_record = false;   ///< The user has a record, perhaps without a list.
  /// Only for `read_profile::with_result_presence`: whether the list is stored under the profile's timestamp;
  /// nullopt if the server does not tell.
  std::optional<bool> result_exists = std::nullopt;
  /// Only for `read_profile::with_result_record`: what was noted by `note_result`; nullopt if nothing was.
  std::optional<std::uint64_t> result_made_of = std::nullopt;
};

using store_reply = result<store_value>;

/// One page of a scan.
struct scan_page {
  std::uint64_t next = 0; ///< The cursor of the next page; 0: this is the last page.
  /// Keys as stored. May be empty before the last page; a key may occur twice.
  std::vector<std::string> keys;
};

/// What a store does for the daemon, each with commands of its own.
enum class store_need {
  reading, ///< Profiles and lists.
  storing, ///< Lists.
  listing, ///< All profiles: scans.
};

inline constexpr std::size_t store_needs = 3;

/// Why a store that answers does not do one of these.
struct store_trouble {
  std::string reason;      ///< In Winnow's own words; may be shown to clients.
  std::string server_says; ///< The server's error reply, for the log.
};

/// State of the store's connection, for status pages and metrics.
struct store_state {
  /// There is a connection. After a lost or late reply, it also has answered a read, a write and a scan of
  /// the daemon or of a probe.
  bool connected = false;
  std::string address;        ///< With the password masked.
  std::string last_error;     ///< Of the last lost connection or failed attempt; empty if none.
  std::uint64_t connects = 0; ///< Successful connections.
  std::uint64_t failures = 0; ///< Lost connections and failed attempts.
  /// For each need, what the last commands of its kind brought; nullopt if they succeeded. Means nothing
  /// while not connected.
  std::array<std::optional<store_trouble>, store_needs> troubles = {};
  /// Why the server refuses the connection, in Winnow's own words, or why an embedded store keeps no changes.
  /// Empty if it does not, or cannot be reached.
  std::string refused_because = {};
  /// The least time in which a request's profile can be read and its list stored, by the last round trips.
  /// Nullopt if they tell nothing, or need no server.
  std::optional<std::chrono::nanoseconds> request_takes = std::nullopt;
  /// Why writes that need more room are refused, in Winnow's own words, while all else is served. Empty if
  /// they are not.
  std::string full_because = {};
};

/// Commands that were submitted, and their replies.
struct finished_commands {
  std::uint64_t ticket; ///< The caller's.
  std::vector<store_reply> replies;
};

/// A socket for which the owner of a store should wait.
struct store_wait {
  int descriptor;
  short events;                                ///< For poll().
  std::chrono::steady_clock::time_point until; ///< Then a time-out is due.
};

/// Profiles and lists, in Redis or in this process. Not thread-safe: one owner thread makes all calls. Every
/// call but `state`, `collect` and `awaited` may connect, and blocks for at most the connect timeout then
/// (name resolution not counted). Except for `submit` and `begin_probe`, calls also wait for their replies.
/// The server may be silent for at most the command timeout, and take ten times as long for all.
///
/// A call connects if there is no connection. Failures are followed by growing pauses; calls within a pause
/// fail at once, with a message that states when the next attempt is due.
///
/// Causes: `unavailable` and `timeout` (the server cannot be reached or cannot serve at present), `denied`
/// (credentials, ACL), `conflict` (the key holds another type), `overloaded` (server out of memory),
/// `too_large` (value exceeds `profile_limits`), `unsupported` (the server refuses the command), `malformed`
/// (a reply of the wrong kind). Messages name the key.
class profile_store {
public:
  profile_store() = default;
  profile_store(const profile_store&) = delete;
  profile_store& operator=(const profile_store&) = delete;
  virtual ~profile_store() = default;

  /// Executes all commands in one pipeline. Returns one reply per command, in order; an error of one command
  /// does not affect the others. If the connection breaks, unanswered commands get `unavailable` or
  /// `timeout`; such a write may or may not have happened.
  virtual std::vector<store_reply> execute(gsl::span<const store_command> commands) = 0;

  /// Begins the same without waiting for the replies: they follow from `collect`. Several may be under way.
  virtual void submit(std::uint64_t ticket, std::vector<store_command> commands) {
    finished_.push_back({ticket, execute(commands)});
  }

  /// Waits until nothing is under way, for at most `patience`, and returns what has finished.
  virtual std::vector<finished_commands> collect(std::chrono::microseconds patience) {
    static_cast<void>(patience);
    return std::exchange(finished_, {});
  }

  /// What to wait for before the next `collect`; nullopt if nothing is under way.
  virtual std::optional<store_wait> awaited() const { return std::nullopt; }

  /// Begins a probe, unless one is under way, without waiting for its end.
  virtual void begin_probe() { static_cast<void>(probe()); }

  /// Returns one page of the family's keys after looking at about `count` of all keys. Start with cursor 0.
  /// All keys that exist from the first page to the last are found.
  virtual result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) = 0;

  /// Returns the number of keys in the database, of any family.
  virtual result<std::uint64_t> key_count() = 0;

  /// Tries what `store_need` names, and brings `state` up to date. Leaves out what commands have done
  /// successfully since the last probe. Changes no data. Returns the first failure.
  virtual result<void> probe() = 0;

  virtual store_state state() const = 0;

protected:
  std::vector<finished_commands> finished_;
};

} // namespace winnow
