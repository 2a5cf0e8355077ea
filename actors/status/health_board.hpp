#pragma once

#include "config/error.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The stages in their order. Without the first, candidate generation, there is no list.
inline constexpr std::array<std::string_view, 3> stage_names{"candidate_generator", "din_ranker",
                                                             "ranknet_ranker"};

/// How one stage does, as its dispatcher publishes it.
struct stage_health {
  std::string_view name;
  std::atomic<bool> down{false}; ///< It failed too often, and pauses.
};

/// What readiness and admission depend on. Each actor writes its own line, the HTTP layer reads: lock-free,
/// any thread.
class health_board {
public:
  using clock = std::chrono::steady_clock;

  health_board();

  std::atomic<bool> models_warm{false};          ///< The models are loaded and have scored once.
  std::atomic<bool> store_connected{false};      ///< The profile store answered last time.
  std::atomic<bool> store_refuses_writes{false}; ///< It is there, but stored no list the last time.
  std::atomic<bool> profiles_listed{
      false};                        ///< The first sweep is through: it is known which profiles there are.
  std::atomic<bool> draining{false}; ///< The daemon is on its way out.

  std::atomic<std::size_t> in_flight{0};             ///< Recommendations in the pipeline.
  std::atomic<clock::time_point> last_interactive{}; ///< When somebody last asked over HTTP.

  /// The line of a stage; of a name that is none, one that nobody looks at.
  stage_health& stage(std::string_view name);

  /// Why the daemon is not ready; empty: it is.
  std::vector<std::string> reasons_not_ready() const;

  /// Which stages are left out of the lists; empty: none.
  std::vector<std::string> reasons_degraded() const;

  /// Why nothing more can be taken now, whoever asks: too much is in flight. Nothing: something can.
  std::optional<error> overload(std::size_t max_in_flight) const;

  /// Why one more request cannot be taken now, so that it can be told before any work is done for it.
  /// Nothing: it can.
  std::optional<error> admission_error(std::size_t max_in_flight) const;

private:
  std::array<stage_health, stage_names.size()> stages_;
  stage_health nobody_;
};

} // namespace winnow
