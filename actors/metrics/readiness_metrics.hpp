#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string>
#include <vector>

namespace winnow {

/// Whether the daemon is ready, and if not, why.
class readiness_metrics {
public:
  explicit readiness_metrics(prometheus::Registry& registry);

  /// @param reasons Why the daemon is not ready, as /readyz says it; empty if it is ready.
  /// @note Called by one thread alone.
  void update(const std::vector<std::string>& reasons);

private:
  prometheus::Gauge& ready_;
  prometheus::Family<prometheus::Gauge>& not_ready_;
  std::vector<std::string> known_reasons_; ///< All reasons so far.
};

} // namespace winnow
