#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace winnow {

/// What readiness depends on. Each actor writes its own line, the HTTP layer reads: lock-free, any thread.
class health_board {
public:
  std::atomic<bool> models_warm{false};     ///< The models are loaded and have scored once.
  std::atomic<bool> store_connected{false}; ///< The profile store answered last time.
  std::atomic<bool> profiles_listed{
      false};                        ///< The first sweep is through: it is known which profiles there are.
  std::atomic<bool> draining{false}; ///< The daemon is on its way out.

  std::atomic<std::size_t> in_flight{0}; ///< Recommendations in the pipeline.
  std::atomic<std::chrono::steady_clock::time_point>
      last_interactive{}; ///< When somebody last asked over HTTP.

  /// Why the daemon is not ready; empty: it is.
  std::vector<std::string> reasons_not_ready() const;
};

} // namespace winnow
