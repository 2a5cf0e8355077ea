#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace winnow {

/// An actor's state, as seen by its supervisor and the introspector.
enum class actor_state {
  running,
  restarting, ///< It died and restarts after a pause.
  down,       ///< It failed too often; a stage is retried after a longer pause.
  stuck,      ///< It does not answer.
  stopping,   ///< It was asked to end.
};

std::string_view to_string(actor_state state) noexcept;

/// An actor's status report. Counts start with the daemon and survive the actor's restarts.
struct actor_status {
  std::uint64_t id = 0;
  std::uint64_t parent = 0; ///< The parent's id; 0 for a root.
  std::string name;
  bool group = false; ///< Not an actor, but a part of the tree that is supervised as a whole.
  actor_state state = actor_state::running;
  std::chrono::system_clock::time_point up_since; ///< The time of the last start.
  std::string_view doing;                         ///< A string literal; empty while it waits for messages.
  std::chrono::nanoseconds doing_for{};           ///< How long it has been doing that or waiting.
  std::chrono::nanoseconds silent_for{};          ///< How long it has owed an answer; zero if it owes none.
  std::uint64_t handled = 0;                      ///< Pieces of work completed.
  std::chrono::nanoseconds busy{};                ///< Time spent working.
  std::uint64_t in_flight = 0;                    ///< Pieces of work in progress.
  std::uint64_t queue_depth = 0;                  ///< Pieces of work waiting.
  std::uint64_t queue_capacity = 0; ///< How many may wait; 0 if the actor has no queue of its own.
  std::uint64_t restarts = 0;
  std::uint64_t restarts_in_window = 0; ///< Restarts within `actor_record::restart_window`.
  std::string last_error;               ///< Why it last failed; empty if it never did.
  std::chrono::system_clock::time_point last_error_at;
};

using actor_status_ptr = std::shared_ptr<const actor_status>;

} // namespace winnow
