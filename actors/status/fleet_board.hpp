#pragma once

#include "actors/fleet_role.hpp"
#include "redis/fleet/fleet_types.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace winnow {

/// A replica's place in its fleet. The fleet member writes it; the listener, the recommender and the admin
/// endpoint read it. Callable from any thread.
class fleet_board {
public:
  using clock = std::chrono::steady_clock;

  /// @param name Of the fleet. @param valid For how long a confirmation holds.
  fleet_board(std::string name, std::string replica, std::chrono::milliseconds valid)
      : name_(std::move(name)), replica_(std::move(replica)), valid_(valid) {}

  const std::string& name() const noexcept { return name_; }
  const std::string& replica() const noexcept { return replica_; } ///< This one's id.

  std::atomic<std::uint16_t> rest_port{0};  ///< 0 until it listens.
  std::atomic<std::uint16_t> admin_port{0}; ///< The same.

  /// Digest of what was learned, as `live_learner::digest`; 0: nothing is.
  std::atomic<std::uint64_t> learned{0};

  fleet_role role() const noexcept { return role_; }
  void becomes(fleet_role role) noexcept { role_ = role; }

  /// Whether this replica listens for changes.
  bool listens() const noexcept { return role_ == fleet_role::leader; }

  /// The store has just confirmed the role.
  void confirm() noexcept { confirmed_ = clock::now(); }

  /// Whether this replica's models may be older than those in force, so that its lists must not replace those
  /// of other models. A replica that was stopped, or cut off from the store, does not know.
  bool yields() const noexcept {
    return role_ == fleet_role::outdated || clock::now() - confirmed_.load() > valid_;
  }

  void show(fleet_state state) {
    auto shown = std::make_shared<const fleet_state>(std::move(state));
    const std::lock_guard lock(mutex_);
    state_ = std::move(shown);
    shown_ = clock::now();
  }

  /// How long ago that was.
  std::chrono::milliseconds age_of_state() const {
    const std::lock_guard lock(mutex_);
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - shown_);
  }

  /// The fleet as last seen; null before the first time.
  std::shared_ptr<const fleet_state> state() const {
    const std::lock_guard lock(mutex_);
    return state_;
  }

private:
  const std::string name_, replica_;
  const std::chrono::milliseconds valid_;
  std::atomic<fleet_role> role_{fleet_role::follower};
  std::atomic<clock::time_point> confirmed_{};
  mutable std::mutex mutex_; ///< Guards what is below.
  std::shared_ptr<const fleet_state> state_;
  clock::time_point shown_{};
};

using fleet_board_ptr = std::shared_ptr<fleet_board>; ///< Null without a fleet.

} // namespace winnow
