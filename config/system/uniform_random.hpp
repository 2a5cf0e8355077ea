#pragma once

#include <functional>

namespace winnow {

/// Draws numbers in [0, 1). Owned by one thread.
using random_function = std::function<double()>;

/// For jitter: seeded differently each time.
random_function uniform_random();

} // namespace winnow
