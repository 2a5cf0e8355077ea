#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string>
#include <vector>

namespace winnow {

/// Metrics of the daemon's readiness.
class readiness_metrics {
public:
  explicit readiness_metrics(prometheus::Registry& registry);

  /// @param reasons Why the daemon is not ready, worded as in /readyz; empty if it is ready.
  /// @note Must be called from one thread only.
  void update(const std::vector<std::string>& reasons);

private:
  prometheus::Gauge& ready_;
  prometheus::Family<prometheus::Gauge>& not_ready_;
  std::vector<std::string> known_reasons_; ///< All reasons that ever occurred.
};

} // namespace winnow
