#pragma once

#include "models/training/networks/parameter.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// 0 to `count` - 1 in random order (Fisher and Yates). The order depends on `random` alone, so a resumed
/// epoch has the same order.
std::vector<std::uint32_t> shuffled_order(std::size_t count, random_source& random);

/// The options for `epoch`, counted from 0. The learning rate falls from that of `options` along a cosine
/// towards 0 (Loshchilov and Hutter 2017).
adam_options adam_of_epoch(const adam_options& options, std::size_t epoch, std::size_t epochs);

} // namespace winnow
