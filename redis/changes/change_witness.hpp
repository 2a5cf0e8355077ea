#pragma once

#include "redis/connection/redis_connection.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: can prove that no profile changed since a moment, so that a lost connection of the
/// change tracker need not cost a sweep. Used by one thread.
///
/// A tracking client of Redis whose messages are redirected to a client that is gone is marked as soon as
/// there is a message for it (`broken_redirect`). The witness is such a client on purpose. Redis decides for
/// all clients that track the same prefix at once, so an unmarked witness proves that the tracker, too, was
/// sent nothing since then and would have been sent nothing. This holds whatever happened to the tracker's
/// connections and to the bytes in their buffers.
///
/// After an error of a member function the owner must destroy the witness.
class change_witness {
public:
  using clock = redis_connection::clock;

  /// Connects. Errors: as of `redis_connection::open`; `denied` or `unsupported` if INFO is not allowed.
  static result<change_witness> open(const store_settings& settings, clock::time_point deadline);

  /// From the return of this function on, no change goes unnoticed; earlier ones are forgotten. Opens a
  /// connection for the client that is to be gone, and closes it. Errors: `denied` or `unsupported` (before
  /// Redis 6.2) if the witness can never be armed, else as of a connection.
  result<void> arm(const store_settings& settings, clock::time_point deadline);

  /// Whether it is certain that no profile changed since the witness was armed, in the process of Redis to
  /// which `other` is connected.
  result<bool> is_sure(redis_connection& other, clock::time_point deadline);

  /// Keeps the connection from being idle. Does not wait.
  result<void> beat();

private:
  change_witness(redis_connection connection, std::string server);

  result<reply_ptr> ask(std::string_view name, std::initializer_list<std::string_view> words,
                        clock::time_point deadline);
  result<void> redirect(const std::string& client, clock::time_point deadline);
  result<void> await_end_of(const std::string& client, clock::time_point deadline);
  result<bool> is_unmarked(clock::time_point deadline);

  redis_connection connection_;
  std::string server_;  ///< The run id.
  std::string target_;  ///< The id of the client that is gone; empty if not armed.
  bool beaten_ = false; ///< The answer to a beat is due.
};

} // namespace winnow
