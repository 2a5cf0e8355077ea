#pragma once

#include "config/settings/settings.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace winnow {

/// Decides when the poller lists all profiles of the store. A state machine that neither reads a clock nor
/// accesses the store.
///
///   idle -- `begin` --> under way -- `finish` --> idle
///                          `-------- `break_off` -> idle, due immediately
///
/// A connection that is lost again and again would cost a sweep each time. Sweeps for lost announcements
/// therefore keep a distance: the first is due immediately, the next ones 1, 2, 4, 8 and at most 16 s after
/// the sweep before, or in proportion less if the poll interval is shorter than a second. A loss that comes
/// `longest_distance` after the last one is a first one again.
class profile_sweep {
public:
  using clock = std::chrono::steady_clock;

  explicit profile_sweep(const poller_settings& settings) : settings_(settings) {}

  /// Sets whether the store announces changes; if so, sweeps are rare. @return Whether this is a change.
  bool tracked(bool live, clock::time_point now);
  bool is_tracked() const noexcept { return tracked_; }

  /// All profiles must be looked at: a sweep is due immediately.
  void changes_missed() noexcept { missed_ = true; }

  /// The store may have announced changes that did not arrive. A sweep that begins after this call finds
  /// them; it is due immediately or, if there was such a sweep recently, at a distance from the last sweep.
  void announcements_lost(clock::time_point now);

  /// How often to ask whether a sweep is due.
  std::chrono::milliseconds precision() const noexcept { return first_distance(); }

  /// The longest time from the end of a sweep until one for lost announcements is due.
  std::chrono::milliseconds longest_distance() const noexcept;

  /// A user's newest profile was removed, and only a sweep finds an older one. Sweeps for this reason are
  /// limited to a small share of the time.
  void want_older() noexcept { older_wanted_ = true; }

  /// Whether changes may have been missed since the last sweep began.
  bool is_behind() const noexcept { return missed_ || lost_; }

  /// Whether changes may have been missed and a sweep must not wait any longer.
  bool is_overdue(clock::time_point now) const;
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
  std::chrono::milliseconds first_distance() const noexcept;

  poller_settings settings_;
  bool under_way_ = false;
  bool tracked_ = false;
  bool missed_ = true; ///< True at the start: no profile is known before the first sweep.
  bool lost_ = false;  ///< Announcements were lost since the last sweep began.
  std::optional<clock::time_point> last_loss_;
  std::chrono::milliseconds distance_{}; ///< From the end of the last sweep to one for lost announcements.
  bool older_wanted_ = false;
  std::string problem_; ///< Recorded last; empty if a sweep has succeeded since.
  clock::time_point began_;
  clock::duration took_{};            ///< Duration of the last sweep.
  clock::time_point untracked_since_; ///< The epoch if the store has not announced changes yet.
};

} // namespace winnow
