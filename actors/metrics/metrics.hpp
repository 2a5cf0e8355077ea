#pragma once

#include "actors/metrics/daemon_metrics.hpp"
#include "actors/metrics/labelled_metrics.hpp"

#include <chrono>
#include <memory>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string>
#include <string_view>

namespace winnow {

/// All metrics of the daemon: their names are an interface, pinned by a golden file in the tests.
/// Thread-safe; the actors write, the metrics aggregator renders. No label ever holds a user or item id.
class metrics {
public:
  metrics();

  /// `stage` is candidate_generator, din_ranker or ranknet_ranker.
  void stage_batch(std::string_view stage, std::size_t tasks, std::chrono::nanoseconds took);
  void stage_failed(std::string_view stage, std::string_view reason, std::size_t tasks = 1);
  void stage_queue(std::string_view stage, std::size_t depth);

  /// `origin` is http or poller; `outcome` is ok or the name of a fault.
  void recommendation(std::string_view origin, std::string_view outcome, std::chrono::nanoseconds took);
  void recommendation_source(std::string_view source);
  void recommendations_in_flight(std::size_t count);
  void degraded(std::string_view stage, std::string_view reason);

  /// There is such a route: its refusals are counted from zero.
  void http_route(std::string_view route);
  void http_exchange(std::string_view route, unsigned status, std::chrono::nanoseconds took);
  void http_connections(std::size_t count);

  void profiles_seen(std::size_t count);
  void profile_changed();
  void profile_unchanged();
  void profile_failed(std::string_view reason);
  void profile_retried(std::string_view reason);
  void poller_pending(std::size_t count);
  void poller_swept(std::chrono::nanoseconds took);
  void tracking(bool live);

  void store_connected(bool connected);
  void store_pipeline(std::size_t commands, std::chrono::nanoseconds took);
  void store_failed(std::string_view reason);

  void actor_restarted(std::string_view actor);
  void model_loaded(std::string_view version, std::size_t items, std::size_t users);

  daemon_metrics& daemon() noexcept { return daemon_; }

  /// Everything, with the process's own figures as of now.
  std::vector<prometheus::MetricFamily> collect() const;

  /// The sum of a counter family over its labels, by its name; 0 if there is none: for the JSON form.
  static double total(const std::vector<prometheus::MetricFamily>& families, std::string_view name);

private:
  void expose_failures();

  std::shared_ptr<prometheus::Registry> registry_;
  labelled_metrics<prometheus::Histogram, 1> stage_duration_;
  labelled_metrics<prometheus::Histogram, 1> stage_batch_size_;
  labelled_metrics<prometheus::Counter, 2> stage_failures_;
  labelled_metrics<prometheus::Gauge, 1> stage_queue_;
  labelled_metrics<prometheus::Counter, 2> requests_;
  labelled_metrics<prometheus::Histogram, 1> request_duration_;
  labelled_metrics<prometheus::Counter, 1> sources_;
  labelled_metrics<prometheus::Counter, 2> degraded_;
  prometheus::Gauge& in_flight_;
  labelled_metrics<prometheus::Counter, 2> http_requests_;
  labelled_metrics<prometheus::Histogram, 1> http_duration_;
  prometheus::Gauge& http_connections_;
  prometheus::Counter& profiles_seen_;
  prometheus::Counter& profiles_changed_;
  prometheus::Counter& profiles_unchanged_;
  labelled_metrics<prometheus::Counter, 1> profiles_failed_;
  labelled_metrics<prometheus::Counter, 1> retries_;
  prometheus::Gauge& pending_;
  prometheus::Histogram& sweep_duration_;
  prometheus::Gauge& tracking_;
  prometheus::Gauge& store_connected_;
  prometheus::Histogram& pipeline_duration_;
  prometheus::Counter& store_commands_;
  labelled_metrics<prometheus::Counter, 1> store_failures_;
  labelled_metrics<prometheus::Counter, 1> restarts_;
  prometheus::Family<prometheus::Gauge>& model_info_;
  prometheus::Gauge& model_items_;
  prometheus::Gauge& model_users_;
  prometheus::Gauge& resident_memory_;
  prometheus::Counter& cpu_seconds_;
  prometheus::Gauge& start_time_;
  daemon_metrics daemon_;
};

} // namespace winnow
