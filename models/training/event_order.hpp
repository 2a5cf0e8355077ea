#pragma once

#include "models/catalogue/fading_counts.hpp"
#include "models/training/interactions/interaction_split.hpp"

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// The training interactions of all users in the order of time, without what is held back.
struct event_order {
  std::vector<std::uint32_t> items;
  /// By user: how many of `items` came before the first item that is held back from the user.
  std::vector<std::size_t> before_held_back;
};

/// @param events All interactions in the order of time. @param split Made from them: the users' first items
/// are for training.
event_order order_of(gsl::span<const interaction> events, const interaction_split& split);

/// How many events it takes until one counts half among `fading_counts`.
double recent_half_life(const event_order& order);

/// Counts all of the order's events. @param items Their number.
fading_counts count_recent(const event_order& order, std::size_t items, double half_life);

/// A user's items, and where to write how often each was taken lately.
struct recent_request {
  std::uint32_t user = 0;
  gsl::span<const std::uint32_t> items;
  float* counts = nullptr; ///< Of the first item.
  std::size_t stride = 1;  ///< From one item's count to the next.
};

/// Writes the counts as they were before the first item that was held back from each request's user.
/// @param items Their number.
void count_recent_at(const event_order& order, std::size_t items, double half_life,
                     std::vector<recent_request> requests);

} // namespace winnow
