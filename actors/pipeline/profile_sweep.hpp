#pragma once

#include "config/settings/settings.hpp"

#include <chrono>
#include <string>

namespace winnow {

/// Decides when the poller lists all profiles of the store. A state machine that neither reads a clock nor
/// accesses the store.
///
///   idle -- `begin` --> under way -- `finish` --> idle
///                          `-------- `break_off` -> idle, due immediately
class profile_sweep {
public:
  using clock = std::chrono::steady_clock;

  explicit profile_sweep(const poller_settings& settings) : settings_(settings) {}

  /// Sets whether the store announces changes; if so, sweeps are rare. @return Whether this is a change.
  bool tracked(bool live);
  bool is_tracked() const noexcept { return tracked_; }

  /// Changes may have been missed: a sweep is due immediately.
  void changes_missed() noexcept { missed_ = true; }

  /// A user's newest profile was removed, and only a sweep finds an older one. Sweeps for this reason are
  /// limited to a small share of the time.
  void want_older() noexcept { older_wanted_ = true; }

  /// Whether changes may have been missed since the last sweep began.
  bool is_overdue() const noexcept { return missed_; }
  bool is_due(clock::time_point now) const;
  bool is_under_way() const noexcept { return under_way_; }

  void begin(clock::time_point now);

  /// Returns how long the sweep took.
  clock::duration finish(clock::time_point now);

  /// The sweep failed; the next one is due immediately.
  void break_off() noexcept;

  /// Records why a sweep failed. @return Whether the reason is new: it differs from the last one recorded
  /// since a sweep succeeded.
  bool note_problem(const std::string& reason);

private:
  poller_settings settings_;
  bool under_way_ = false;
  bool tracked_ = false;
  bool missed_ = true; ///< True at the start: no profile is known before the first sweep.
  bool older_wanted_ = false;
  std::string problem_; ///< Recorded last; empty if a sweep has succeeded since.
  clock::time_point began_;
  clock::duration took_{}; ///< Duration of the last sweep.
};

} // namespace winnow
