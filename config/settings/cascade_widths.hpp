#pragma once

#include <cstddef>
#include <optional>

namespace winnow {

/// How many items each stage of the cascade keeps; falling or equal.
struct cascade_widths {
  std::size_t candidates = 100;  ///< LightGCN's best, without the history.
  std::size_t din_keep = 50;     ///< Of those, by DIN.
  std::size_t ranknet_keep = 20; ///< Of those, by RankNet: the list.
};

inline constexpr std::size_t widest_cascade = 100'000; ///< No width may be larger.

/// The widths that somebody asks for; the others are as another says.
struct cascade_settings {
  std::optional<std::size_t> candidates;
  std::optional<std::size_t> din_keep;
  std::optional<std::size_t> ranknet_keep;
};

/// What is asked for, and `others` for the rest. Of two that do not fit each other the one that nobody asked
/// for gives way: who wants 30 candidates need not say that no more than 30 can be kept of them.
/// @param asked Falling or equal, as far as they are there.
cascade_widths widths_for(const cascade_settings& asked, const cascade_widths& others) noexcept;

} // namespace winnow
