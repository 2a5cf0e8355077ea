#pragma once

#include "actors/actor_status.hpp"
#include "actors/status/latency_buckets.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace winnow {

/// What is known of one actor, from outside of it: readable at any time and from any thread, also while the
/// actor hangs or is dead. It belongs to the actor's place in the tree and outlives the actor: who takes that
/// place over goes on with it. A message costs the actor a few relaxed atomic writes here.
class actor_record {
public:
  using clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds restart_window{10};

  enum class kind {
    actor,
    group
  }; ///< A group is a supervised part of the tree, without an actor of its own.

  explicit actor_record(std::string name = "unnamed", std::uint64_t id = 0, std::uint64_t parent = 0,
                        kind what = kind::actor);

  const std::string& name() const noexcept { return name_; }
  std::uint64_t id() const noexcept { return id_; }
  std::uint64_t parent() const noexcept { return parent_; }
  bool is_group() const noexcept { return kind_ == kind::group; }

  // ---- by whoever looks after the actor

  void started();                   ///< Running, from now.
  void died(std::string reason);    ///< Restarting, for this reason.
  void gave_up(std::string reason); ///< Down, for this reason.
  void becomes(actor_state state) noexcept { state_ = state; }

  /// Since when an answer has been owed; nothing: it was given.
  void silent_since(std::optional<clock::time_point> when) noexcept;

  // ---- by the actor itself, or on its behalf

  void handled(std::uint64_t count = 1) noexcept { handled_.fetch_add(count, std::memory_order_relaxed); }
  /// Counts pieces of work as handled that took so long each.
  void took(std::chrono::nanoseconds latency, std::uint32_t count = 1) noexcept;
  void in_flight(std::uint64_t count) noexcept { in_flight_.store(count, std::memory_order_relaxed); }
  void queue(std::uint64_t depth, std::uint64_t capacity) noexcept;

  // ---- by anybody

  actor_state state() const noexcept;
  actor_status status() const;
  std::uint64_t handled_count() const noexcept { return handled_.load(std::memory_order_relaxed); }
  std::chrono::nanoseconds busy() const noexcept; ///< With what is going on now.
  void copy_latencies(latency_buckets::counts& counts) const noexcept;
  std::chrono::nanoseconds take_longest() noexcept; ///< Since it was last taken.

private:
  friend class activity;

  const std::string name_;
  const std::uint64_t id_;
  const std::uint64_t parent_;
  const kind kind_;

  std::atomic<actor_state> state_{actor_state::running};
  std::atomic<clock::rep> silent_since_{0}; ///< 0: it is not silent.

  std::atomic<const char*> doing_{nullptr}; ///< Null: it waits for messages.
  std::atomic<bool> working_{false};        ///< What it does is work, not a wait.
  std::atomic<clock::rep> since_;
  std::atomic<clock::rep> busy_{0};
  std::atomic<std::uint64_t> handled_{0};
  std::atomic<std::uint64_t> in_flight_{0};
  std::atomic<std::uint64_t> queue_depth_{0};
  std::atomic<std::uint64_t> queue_capacity_{0};
  std::array<std::atomic<std::uint32_t>, latency_buckets::count> latencies_{};
  std::atomic<clock::rep> longest_{0};

  mutable std::mutex mutex_; ///< For what follows, which changes at starts and deaths only.
  std::chrono::system_clock::time_point up_since_;
  std::uint64_t restarts_ = 0;
  mutable std::deque<clock::time_point> deaths_; ///< Within the window.
  std::string last_error_;
  std::chrono::system_clock::time_point last_error_at_;
};

using actor_record_ptr = std::shared_ptr<actor_record>;

/// The answer to the status protocol.
inline actor_status_ptr status_of(const actor_record& record) {
  return std::make_shared<const actor_status>(record.status());
}

/// What an actor does from here to the end of the scope. One within another changes the text alone. Made on
/// the actor's own thread.
class activity {
public:
  enum class kind { work, wait }; ///< A wait (for a neighbour outside of the process) is not busy time.

  /// @param doing A literal: it is read by others, later.
  activity(actor_record& record, const char* doing, kind what = kind::work) noexcept;
  ~activity();
  activity(const activity&) = delete;
  activity& operator=(const activity&) = delete;

private:
  actor_record& record_;
  const char* before_;
};

} // namespace winnow
