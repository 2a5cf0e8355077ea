#pragma once

#include <functional>

namespace winnow {

/// Returns random numbers in [0, 1). Used by one thread.
using random_function = std::function<double()>;

/// Returns a generator for jitter. Each call seeds it differently.
random_function uniform_random();

} // namespace winnow
