#pragma once

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
  void loaded(std::string_view version, std::size_t items, std::size_t users);

  /// New models were accepted, or were refused and the old ones stay in use.
  void reloaded(bool accepted);

  /// Sets the recall of the approximate index; 0 if candidates are searched exactly.
  void index_recall(double recall) { index_recall_.Set(recall); }

private:
  prometheus::Family<prometheus::Gauge>& info_;
  prometheus::Gauge& items_;
  prometheus::Gauge& users_;
  prometheus::Counter& taken_reloads_;
  prometheus::Counter& refused_reloads_;
  prometheus::Gauge& index_recall_;
};

} // namespace winnow
