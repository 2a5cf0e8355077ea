#pragma once

#include "config/settings/settings.hpp"
#include "models/gate/recent_profiles.hpp"
#include "models/model_set.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace winnow {

/// How one version did in a replay.
struct replayed_version {
  std::size_t short_lists = 0;     ///< Fewer items than asked for.
  std::size_t popular_lists = 0;   ///< Nothing is known about the user: popular items.
  std::size_t hits = 0;            ///< Lists with the user's newest item among the first 20.
  std::size_t different_items = 0; ///< On all lists together, among the first 20.
  std::chrono::nanoseconds time{}; ///< Of the processor, on one thread.
};

/// Two versions, replayed with the same profiles. Each profile lacks its newest item.
struct version_comparison {
  std::size_t profiles = 0;
  std::size_t with_newest =
      0; ///< Of these, those whose newest item could be found: it is new in the history.
  replayed_version in_force, candidate;
  double overlap = 0; ///< Mean share of the first 20 items of both lists that are the same.
  /// Population stability index of the final scores, in tenths of those of the version in force; more than
  /// 0.25 is a large shift. Scores of two trainings need not be on one scale.
  double shift = 0;
  bool times_compare = true; ///< Whether both versions search candidates in the same way.
};

/// How long and with what versions are compared.
struct comparison_limits {
  cascade_settings cascade;                    ///< As served.
  std::chrono::milliseconds most_time{30'000}; ///< Profiles that are left then are left out.
};

/// Runs both versions on the profiles, a batch at a time. Blocking, on the calling thread alone.
/// @return An error if a stage of one of them fails.
result<version_comparison> compare_versions(const model_set& in_force, const model_set& candidate,
                                            const std::vector<recent_profile>& profiles,
                                            const comparison_limits& limits);

/// With fewer profiles, a comparison says nothing.
inline constexpr std::size_t least_replayed_profiles = 50;

/// Returns why the candidate should not be promoted, each with the figure and its bound; empty if it may.
std::vector<std::string> objections(const version_comparison& compared, const gate_settings& bounds);

} // namespace winnow
