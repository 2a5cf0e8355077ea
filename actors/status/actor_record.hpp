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

/// The externally visible state of one actor. Any thread can read it at any time, even while the actor hangs
/// or is dead. The record belongs to the actor's place in the tree and outlives the actor: a restarted actor
/// continues the same record. Each message costs the actor a few relaxed atomic writes here.
class actor_record {
public:
  using clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds restart_window{10};

  /// A group is a supervised subtree without an actor of its own.
  enum class kind { actor, group };

  explicit actor_record(std::string name = "unnamed", std::uint64_t id = 0, std::uint64_t parent = 0,
                        kind what = kind::actor);

  const std::string& name() const noexcept { return name_; }
  std::uint64_t id() const noexcept { return id_; }
  std::uint64_t parent() const noexcept { return parent_; }
  bool is_group() const noexcept { return kind_ == kind::group; }

  // ---- called by the supervisor, dispatchers and the introspector ----

  void started();                   ///< It is running from now on.
  void died(std::string reason);    ///< It died for `reason` and is being restarted.
  void gave_up(std::string reason); ///< It is down for `reason`.
  void becomes(actor_state state) noexcept { state_ = state; }

  /// Sets since when the actor has owed an answer; nullopt once it has answered.
  void silent_since(std::optional<clock::time_point> when) noexcept;

  // ---- called by the actor, or on its behalf ----

  void handled(std::uint64_t count = 1) noexcept { handled_.fetch_add(count, std::memory_order_relaxed); }
  /// Counts `count` pieces of work as handled, each of which took `latency`.
  void took(std::chrono::nanoseconds latency, std::uint32_t count = 1) noexcept;
  void met(std::string problem); ///< Notes a problem from outside; the actor goes on.
  void in_flight(std::uint64_t count) noexcept { in_flight_.store(count, std::memory_order_relaxed); }
  void queue(std::uint64_t depth, std::uint64_t capacity) noexcept;

  // ---- called from any thread ----

  actor_state state() const noexcept;
  actor_status status() const;
  std::uint64_t handled_count() const noexcept { return handled_.load(std::memory_order_relaxed); }
  std::chrono::nanoseconds busy() const noexcept; ///< Includes the activity in progress.
  void copy_latencies(latency_buckets::counts& counts) const noexcept;
  std::chrono::nanoseconds take_longest() noexcept; ///< Returns the longest latency since the last call.

private:
  friend class activity;

  const std::string name_;
  const std::uint64_t id_;
  const std::uint64_t parent_;
  const kind kind_;

  std::atomic<actor_state> state_{actor_state::running};
  std::atomic<clock::rep> silent_since_{0}; ///< 0 if the actor owes no answer.

  std::atomic<const char*> doing_{nullptr}; ///< Null while the actor waits for messages.
  std::atomic<bool> working_{false};        ///< Whether the activity is work, not a wait.
  std::atomic<clock::rep> since_;
  std::atomic<clock::rep> busy_{0};
  std::atomic<std::uint64_t> handled_{0};
  std::atomic<std::uint64_t> in_flight_{0};
  std::atomic<std::uint64_t> queue_depth_{0};
  std::atomic<std::uint64_t> queue_capacity_{0};
  std::array<std::atomic<std::uint32_t>, latency_buckets::count> latencies_{};
  std::atomic<clock::rep> longest_{0};

  mutable std::mutex mutex_; ///< Guards the members below, which change only on starts and deaths.
  std::chrono::system_clock::time_point up_since_;
  std::uint64_t restarts_ = 0;
  mutable std::deque<clock::time_point> deaths_; ///< Within `restart_window`.
  std::string last_error_;
  std::chrono::system_clock::time_point last_error_at_;
};

using actor_record_ptr = std::shared_ptr<actor_record>;

/// Returns the actor's answer to the status protocol.
inline actor_status_ptr status_of(const actor_record& record) {
  return std::make_shared<const actor_status>(record.status());
}

/// Records what an actor does until the end of the scope. A nested activity changes only the text. Must be
/// created on the actor's own thread.
class activity {
public:
  /// A wait (for something outside the process) does not count as busy time.
  enum class kind { work, wait };

  /// @param doing Must be a string literal, because other threads read it later.
  activity(actor_record& record, const char* doing, kind what = kind::work) noexcept;
  ~activity();
  activity(const activity&) = delete;
  activity& operator=(const activity&) = delete;

private:
  actor_record& record_;
  const char* before_;
};

} // namespace winnow
