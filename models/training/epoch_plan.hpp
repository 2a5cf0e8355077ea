#pragma once

#include "models/training/networks/parameter.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// 0 up to `count` in a random order (Fisher and Yates), which depends on `random` alone: an epoch that is
/// taken up again has the order that it had.
std::vector<std::uint32_t> shuffled_order(std::size_t count, random_source& random);

/// The options of an epoch, counted from 0: the learning rate falls from `options`' along a cosine towards 0
/// (Loshchilov and Hutter 2017).
adam_options adam_of_epoch(const adam_options& options, std::size_t epoch, std::size_t epochs);

} // namespace winnow
