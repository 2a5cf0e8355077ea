#include "actors/metrics/stage_metrics.hpp"

#include "actors/metrics/metric_families.hpp"
#include "actors/status/health_board.hpp"
#include "config/all_faults.hpp"

namespace winnow {

namespace {

const prometheus::Histogram::BucketBoundaries& sizes() {
  static const prometheus::Histogram::BucketBoundaries bounds{1, 2, 4, 8, 16, 32, 64, 128};
  return bounds;
}

} // namespace

stage_metrics::stage_metrics(prometheus::Registry& registry)
    : duration_(histograms(registry, "winnow_stage_duration_seconds", "Time a stage took for a batch."),
                {"stage"}, duration_buckets()),
      batch_size_(histograms(registry, "winnow_stage_batch_tasks", "Requests that a worker took at once."),
                  {"stage"}, sizes()),
      failures_(counters(registry, "winnow_stage_failures_total", "Tasks a stage did not answer, by reason."),
                {"stage", "reason"}),
      queue_(gauges(registry, "winnow_stage_queue_tasks", "Tasks that wait for a worker."), {"stage"}) {
  for (const auto stage : stage_names)
    for (const auto cause : all_faults)
      failures_.expose({stage, to_string(cause)});
}

void stage_metrics::batch(std::string_view stage, std::size_t tasks, std::chrono::nanoseconds took) {
  duration_.at({stage}).Observe(to_seconds(took));
  batch_size_.at({stage}).Observe(static_cast<double>(tasks));
}

void stage_metrics::failed(std::string_view stage, std::string_view reason, std::size_t tasks) {
  failures_.at({stage, reason}).Increment(static_cast<double>(tasks));
}

void stage_metrics::queue(std::string_view stage, std::size_t depth) {
  queue_.at({stage}).Set(static_cast<double>(depth));
}

} // namespace winnow
