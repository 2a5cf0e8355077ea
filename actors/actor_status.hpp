#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace winnow {

/// How an actor is, as its supervisor and the introspector see it.
enum class actor_state {
  running,
  restarting, ///< It died and starts anew after a pause.
  down,       ///< It died and is not started any more.
  stuck,      ///< It does not answer.
  stopping,   ///< It was told to end.
};

std::string_view to_string(actor_state state) noexcept;

/// What an actor tells of itself. Counts are since the daemon's start: they outlive the actor's restarts.
struct actor_status {
  std::uint64_t id = 0;
  std::uint64_t parent = 0; ///< The id of who started it; 0: nobody did.
  std::string name;
  bool group = false; ///< Not an actor: a part of the tree that is supervised as a whole.
  actor_state state = actor_state::running;
  std::chrono::system_clock::time_point up_since; ///< Its last start.
  std::string_view doing;                         ///< A literal; empty: it waits for messages.
  std::chrono::nanoseconds doing_for{};           ///< How long it has been doing that, or waiting.
  std::chrono::nanoseconds silent_for{};          ///< How long it has owed an answer; zero: it answers.
  std::uint64_t handled = 0;                      ///< Pieces of work that are done.
  std::chrono::nanoseconds busy{};                ///< Time spent at work.
  std::uint64_t in_flight = 0;                    ///< Pieces of work under way.
  std::uint64_t queue_depth = 0;                  ///< Pieces of work that wait.
  std::uint64_t queue_capacity = 0;               ///< How many may wait; 0: there is no queue of its own.
  std::uint64_t restarts = 0;
  std::uint64_t restarts_in_window = 0; ///< Of those, within `actor_record::restart_window`.
  std::string last_error;               ///< Why it died last; empty: it never did.
  std::chrono::system_clock::time_point last_error_at;
};

using actor_status_ptr = std::shared_ptr<const actor_status>;

} // namespace winnow
