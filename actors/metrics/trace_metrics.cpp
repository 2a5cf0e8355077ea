#include "actors/metrics/trace_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

namespace winnow {

trace_metrics::trace_metrics(prometheus::Registry& registry)
    : exported_(counter(registry, "winnow_trace_exported_spans_total", "Spans that the collector took.")),
      failed_(counter(registry, "winnow_trace_failed_spans_total",
                      "Spans that the collector refused, or that did not reach it.")),
      dropped_(counter(registry, "winnow_trace_dropped_traces_total",
                       "Traces that found the exporter's queue full.")) {}

void trace_metrics::exported(std::size_t spans) {
  exported_.Increment(static_cast<double>(spans));
}

void trace_metrics::failed(std::size_t spans) {
  failed_.Increment(static_cast<double>(spans));
}

void trace_metrics::dropped(std::size_t traces) {
  dropped_.Increment(static_cast<double>(traces));
}

} // namespace winnow
