#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string>
#include <string_view>

namespace winnow {

struct model_trials;

/// Why a list was not compared with that of the shadow.
enum class shadow_outcome { dropped, failed };

/// Metrics by version of the models, of experiments and of the shadow. Thread-safe.
class trial_metrics {
public:
  explicit trial_metrics(prometheus::Registry& registry);

  /// These trials run now.
  /// @param trials Null: none. @param in_force The digest of the version in force.
  void use(const model_trials* trials, const std::string& in_force);

  /// A list was computed. @param version The digest of its models.
  void listed(const std::string& version, bool degraded, std::chrono::nanoseconds took);

  /// A list was dropped before it was compared, or a stage of the shadow failed.
  void shadow(shadow_outcome outcome);

  /// A list was compared. @param overlap Share of the first 20 items that are the same.
  void compared(double overlap, double score_difference, std::chrono::nanoseconds took);

private:
  struct of_version {
    std::string version;
    prometheus::Counter* whole = nullptr;
    prometheus::Counter* degraded = nullptr;
    prometheus::Histogram* duration = nullptr;
  };

  of_version& at(const std::string& version);

  prometheus::Family<prometheus::Counter>& lists_;
  prometheus::Family<prometheus::Histogram>& durations_;
  prometheus::Family<prometheus::Gauge>& shares_;
  prometheus::Counter& compared_;
  prometheus::Counter& dropped_;
  prometheus::Counter& failed_;
  prometheus::Histogram& overlap_;
  prometheus::Histogram& score_difference_;
  prometheus::Histogram& shadow_duration_;
  std::mutex mutex_; ///< Guards what follows.
  std::deque<of_version> versions_;
  std::deque<prometheus::Gauge*> running_; ///< Of the experiment.
};

} // namespace winnow
