#pragma once

#include "redis/connection/command_batch.hpp"
#include "redis/connection/reply.hpp"
#include "redis/profile_store.hpp"

#include <chrono>
#include <cstddef>
#include <gsl/span>
#include <string_view>

namespace winnow {

/// Private to this folder: how `write_list` becomes Redis commands. A list that depends on a profile is
/// stored, with its record, by a script that first looks whether the profile still is the one that was read.

/// What the settings ask for and the server lets the daemon use.
struct list_dialect {
  bool records = true;              ///< Keep and read a `list_record` for each list.
  bool scripts = true;              ///< Otherwise the profile is not compared.
  std::chrono::milliseconds ttl{0}; ///< Of lists; 0: they do not expire.
  bool comparisons = false; ///< Instead of scripts: the profile is read before and after the list is written.
};

inline bool is_scripted(const write_list& command, const list_dialect& dialect) {
  return dialect.scripts && command.only_if.has_value();
}

/// Whether the profile is to be compared by `encode_comparison`.
inline bool is_compared(const write_list& command, const list_dialect& dialect) {
  return dialect.comparisons && command.only_if.has_value();
}

inline bool has_record(const write_list& command, const list_dialect& dialect) {
  return dialect.records && command.newest && command.record.has_value();
}

void encode_write(const write_list& command, const list_dialect& dialect, command_batch& batch);
std::size_t write_reply_count(const write_list& command, const list_dialect& dialect);

/// A record that is not stored is no error: it only means that the list may be computed again.
store_reply decode_write(const write_list& command, const list_dialect& dialect,
                         gsl::span<const reply_ptr> replies);

/// Whether one script looks for the profile and removes its list.
inline bool is_scripted(const erase_list& command, const list_dialect& dialect) {
  return dialect.scripts && command.only_if_gone;
}

/// Adds the script for `is_scripted`, to which there is one reply: the number of removed keys.
void encode_erase(const erase_list& command, const list_dialect& dialect, command_batch& batch);

/// Adds the script with its text instead of its digest, for a server that does not know it yet.
void encode_whole_script(const write_list& command, const list_dialect& dialect, command_batch& batch);

/// Whether the server does not know the script.
bool is_unknown_script(const redisReply& reply);

/// Whether a command on a record was refused for good: by an ACL, because the server does not know it, or
/// because the key holds something else.
bool is_refused_for_good(const redisReply& reply);

/// Adds the commands that tell whether the profile still is the one that was read, and, if the command
/// yields, what the stored list's record is.
void encode_comparison(const write_list& command, const list_dialect& dialect, command_batch& batch);
std::size_t comparison_reply_count(const write_list& command, const list_dialect& dialect);
/// @return Whether the profile is the same.
result<bool> decode_comparison(const write_list& command, gsl::span<const reply_ptr> replies);
/// Whether the stored list has another basis and stays. Without the right to read records, it does not.
bool is_to_stay(const write_list& command, const list_dialect& dialect, gsl::span<const reply_ptr> replies);

std::string_view list_script();     ///< Lua.
std::string_view list_script_sha(); ///< The digest under which a server knows it.

} // namespace winnow
