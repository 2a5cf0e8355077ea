#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of actor restarts. Thread-safe.
class supervisor_metrics {
public:
  explicit supervisor_metrics(prometheus::Registry& registry);

  /// Declares a supervised actor, so that its restart counter starts at zero.
  void child(std::string_view actor) const;

  void restarted(std::string_view actor);

private:
  labelled_metrics<prometheus::Counter, 1> restarts_;
};

} // namespace winnow
