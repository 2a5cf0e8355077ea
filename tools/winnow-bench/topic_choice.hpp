#pragma once

#include "tools/winnow-bench/synthetic_catalogue.hpp"
#include "tools/winnow-bench/weighted_choice.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace winnow::bench {

/// Draws histories of users with favourite topics from a catalogue, which must outlive it.
class topic_choice {
public:
  using favourites = std::array<std::uint32_t, 3>;

  explicit topic_choice(const synthetic_catalogue& catalogue);

  favourites draw_favourites(random_source& random) const;

  /// Draws items, each once: seven in ten from the favourite topics, the rest from all. The history is
  /// shorter than asked for if new items are hard to find.
  std::vector<std::uint32_t> draw_history(const favourites& of, std::size_t length,
                                          random_source& random) const;

private:
  /// The items of one topic, and a choice weighted by their popularity.
  struct topic_items {
    std::vector<std::uint32_t> items;
    weighted_choice choice;
  };

  std::vector<topic_items> by_topic_;
  weighted_choice by_popularity_, topics_;
};

} // namespace winnow::bench
