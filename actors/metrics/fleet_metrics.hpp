#pragma once

#include "actors/status/fleet_board.hpp"

#include <cstddef>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace winnow {

/// Metrics of this replica's part in its fleet; all are 0 without one. Thread-safe.
class fleet_metrics {
public:
  explicit fleet_metrics(prometheus::Registry& registry);

  /// The store has shown the fleet.
  void saw(const fleet_state& state, fleet_role role);
  void connected(bool live); ///< Sets whether the store shows the fleet.

  void enqueued(std::size_t entries) { enqueued_.Increment(static_cast<double>(entries)); }
  void taken(std::size_t entries) { taken_.Increment(static_cast<double>(entries)); }
  void claimed(std::size_t entries) { claimed_.Increment(static_cast<double>(entries)); }
  void lost(std::size_t entries) { lost_.Increment(static_cast<double>(entries)); }
  void computed_twice(std::size_t lists) { computed_twice_.Increment(static_cast<double>(lists)); }
  void fenced() { fenced_.Increment(); } ///< The store refused this replica, which led before.
  void failed() { failures_.Increment(); }
  void in_hand(std::size_t entries) { in_hand_.Set(static_cast<double>(entries)); }

private:
  prometheus::Gauge& connected_;
  prometheus::Gauge& leader_;
  prometheus::Gauge& outdated_;
  prometheus::Gauge& replicas_;
  prometheus::Gauge& versions_;
  prometheus::Gauge& rules_;
  prometheus::Gauge& waiting_;
  prometheus::Gauge& lag_;
  prometheus::Gauge& stream_;
  prometheus::Gauge& in_hand_;
  prometheus::Counter& enqueued_;
  prometheus::Counter& taken_;
  prometheus::Counter& claimed_;
  prometheus::Counter& lost_;
  prometheus::Counter& computed_twice_;
  prometheus::Counter& fenced_;
  prometheus::Counter& failures_;
};

} // namespace winnow
