#pragma once

#include "models/training/interactions/interaction_split.hpp"

#include <cstddef>
#include <cstdint>

namespace winnow::bench {

/// Invents `interactions` interactions, in histories of 5 to 95 items, with Zipf-like popularity. In half of
/// the cases, an item is one of eight that often follow the one before. Each user's last item is held back
/// for validation. The same seed gives the same histories.
interaction_split invent_histories(std::size_t interactions, std::size_t items, std::uint64_t seed);

} // namespace winnow::bench
