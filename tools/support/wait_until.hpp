#pragma once

#include <chrono>
#include <thread>

namespace winnow {

/// Waits until `condition()` is true. Returns false if it is not within `limit`, which only ends broken
/// tests.
template<class Condition>
bool wait_until(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

} // namespace winnow
