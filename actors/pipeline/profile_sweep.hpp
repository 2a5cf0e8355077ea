#pragma once

#include "config/settings/settings.hpp"

#include <chrono>
#include <string>

namespace winnow {

/// When the poller lists all profiles of the store: a state machine without a clock or a store of its own.
///
///   idle -- `begin` --> under way -- `finish` --> idle
///                          `-------- `break_off` -> idle, due at once
class profile_sweep {
public:
  using clock = std::chrono::steady_clock;

  explicit profile_sweep(const poller_settings& settings) : settings_(settings) {}

  /// Whether the store announces changes: then sweeps are rare. @return Whether that is news.
  bool tracked(bool live);
  bool is_tracked() const noexcept { return tracked_; }

  /// Changes may have been missed: a sweep is due at once.
  void changes_missed() noexcept { missed_ = true; }

  /// A user's newest profile is gone. Only a sweep finds an older one; this may take a small share of the
  /// time.
  void want_older() noexcept { older_wanted_ = true; }

  /// Whether changes may have been missed since the last sweep began.
  bool is_overdue() const noexcept { return missed_; }
  bool is_due(clock::time_point now) const;
  bool is_under_way() const noexcept { return under_way_; }

  void begin(clock::time_point now);

  /// @return How long the sweep took.
  clock::duration finish(clock::time_point now);

  /// The sweep failed; the next one is due at once.
  void break_off() noexcept;

  /// Notes why a sweep failed. @return Whether that is news: no sweep has failed for this reason since one
  /// succeeded.
  bool note_problem(const std::string& reason);

private:
  poller_settings settings_;
  bool under_way_ = false;
  bool tracked_ = false;
  bool missed_ = true; ///< Before the first sweep, everything was missed.
  bool older_wanted_ = false;
  std::string problem_; ///< Noted last; empty if a sweep has succeeded since.
  clock::time_point began_;
  clock::duration took_{}; ///< The last one.
};

} // namespace winnow
