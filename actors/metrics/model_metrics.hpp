#pragma once

#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of the current models. Thread-safe.
class model_metrics {
public:
  explicit model_metrics(prometheus::Registry& registry);

  /// Models were loaded and are now in use.
  /// @param trained_at In seconds since 1970.
  void loaded(std::string_view version, std::size_t items, std::size_t users, std::int64_t trained_at);

  /// New models were accepted, or were refused and the old ones stay in use.
  void reloaded(bool accepted);

  /// Sets the recall of the approximate index; 0 if candidates are searched exactly.
  void index_recall(double recall) { index_recall_.Set(recall); }

private:
  prometheus::Family<prometheus::Gauge>& info_;
  std::mutex mutex_;
  prometheus::Gauge* in_force_ = nullptr; ///< The series of the version in force, the only one.
  prometheus::Gauge& items_;
  prometheus::Gauge& users_;
  prometheus::Gauge& trained_at_;
  prometheus::Counter& taken_reloads_;
  prometheus::Counter& refused_reloads_;
  prometheus::Gauge& index_recall_;
};

} // namespace winnow
