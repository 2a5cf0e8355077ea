#include "actors/metrics/store_metrics.hpp"

#include "actors/metrics/metric_families.hpp"
#include "config/all_faults.hpp"

namespace winnow {

store_metrics::store_metrics(prometheus::Registry& registry)
    : connected_(gauge(registry, "winnow_store_connected", "1: the profile store answers.")),
      connections_(
          counter(registry, "winnow_store_connections_total", "Times that the store was reached anew.")),
      pipeline_duration_(histograms(registry, "winnow_store_pipeline_duration_seconds",
                                    "Time of one pipeline, all commands.")
                             .Add({}, duration_buckets())),
      commands_(counter(registry, "winnow_store_commands_total", "Commands sent to the store.")),
      failures_(counters(registry, "winnow_store_failures_total", "Commands that failed, by reason."),
                {"reason"}) {
  for (const auto cause : all_faults)
    failures_.expose({to_string(cause)});
}

void store_metrics::connected(bool now) {
  connected_.Set(now ? 1 : 0);
  if (now)
    connections_.Increment();
}

void store_metrics::pipeline(std::size_t commands, std::chrono::nanoseconds took) {
  pipeline_duration_.Observe(to_seconds(took));
  commands_.Increment(static_cast<double>(commands));
}

void store_metrics::failed(std::string_view reason) {
  failures_.at({reason}).Increment();
}

} // namespace winnow
