#pragma once

#include <cstddef>

namespace winnow::test {

/// How often the calling thread has allocated memory with `new` so far. The program of this test replaces
/// the global operators.
std::size_t allocations() noexcept;

} // namespace winnow::test
