#pragma once

#include "actors/metrics/labelled_metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <string_view>

namespace winnow {

/// Metrics of reading from and writing to Kafka. Thread-safe but for the gauges, which one actor sets.
class kafka_metrics {
public:
  explicit kafka_metrics(prometheus::Registry& registry);

  /// Counts messages that were dealt with. @param outcome `stored`, `known`, `too_old`, or the name of a
  /// defect.
  void messages(std::string_view outcome, std::size_t count = 1);
  void committed(std::uint64_t done, std::uint64_t failed); ///< Further commits of offsets.
  void rebalanced(std::uint64_t further);
  void failed(std::uint64_t further); ///< Further errors of the connection, the group or the topic.
  void dead_letter(bool delivered);
  void result(std::string_view outcome); ///< `delivered`, `failed` or `dropped`.

  void enabled() { enabled_.Set(1); }
  void connected(bool now) { connected_.Set(now ? 1 : 0); }
  void holds(std::size_t partitions, std::int64_t lag);
  void paused(std::string_view reason); ///< `store`, `pipeline`, `listing` or `draining`; empty: not paused.

private:
  labelled_metrics<prometheus::Counter, 1> messages_;
  labelled_metrics<prometheus::Counter, 1> commits_;
  labelled_metrics<prometheus::Counter, 1> dead_letters_;
  labelled_metrics<prometheus::Counter, 1> results_;
  labelled_metrics<prometheus::Gauge, 1> paused_;
  prometheus::Counter& rebalances_;
  prometheus::Counter& errors_;
  prometheus::Gauge& enabled_;
  prometheus::Gauge& connected_;
  prometheus::Gauge& partitions_;
  prometheus::Gauge& lag_;
};

} // namespace winnow
