#pragma once

#include <cstddef>
#include <optional>

namespace winnow {

/// How many items each stage of the cascade keeps. No stage keeps more than the one before it.
struct cascade_widths {
  std::size_t candidates = 100;  ///< The best by LightGCN, without the history.
  std::size_t din_keep = 50;     ///< The best of those by DIN.
  std::size_t ranknet_keep = 20; ///< The best of those by RankNet: the list.
};

constexpr bool operator==(const cascade_widths& a, const cascade_widths& b) noexcept {
  return a.candidates == b.candidates && a.din_keep == b.din_keep && a.ranknet_keep == b.ranknet_keep;
}

inline constexpr std::size_t widest_cascade = 100'000; ///< Upper limit of each width.

/// Requested widths. `widths_for` fills in the unset ones.
struct cascade_settings {
  std::optional<std::size_t> candidates;
  std::optional<std::size_t> din_keep;
  std::optional<std::size_t> ranknet_keep;
};

/// Returns the requested widths, and those of `others` for the unset ones. If a requested width and one of
/// `others` contradict each other, the latter is adjusted: with 30 candidates requested, DIN keeps at
/// most 30.
/// @param requested The widths that are set must not increase from stage to stage.
cascade_widths widths_for(const cascade_settings& requested, const cascade_widths& others) noexcept;

} // namespace winnow
