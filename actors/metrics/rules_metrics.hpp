#pragma once

#include <cstddef>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string>

namespace winnow {

/// Metrics of the shop's rules. Thread-safe.
class rules_metrics {
public:
  explicit rules_metrics(prometheus::Registry& registry);

  /// The rules of a reading of the file were taken, or they were refused and the old ones stay.
  void taken(std::size_t rules);
  void refused();

  /// So many rules in force are left out, because they do not fit the items.
  void misfits(std::size_t rules) { misfits_.Set(static_cast<double>(rules)); }

  /// A list for a placement was computed. @param placement One of the rules, of which there are few.
  void placed(const std::string& placement) { placed_.Add({{"placement", placement}}).Increment(); }

private:
  prometheus::Counter &taken_, &refused_;
  prometheus::Gauge &in_force_, &misfits_, &is_refused_;
  prometheus::Family<prometheus::Counter>& placed_;
};

} // namespace winnow
