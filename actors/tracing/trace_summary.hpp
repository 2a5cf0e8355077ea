#pragma once

#include "actors/tracing/request_trace.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace winnow {

/// Intervals taken together. They may overlap: the lists of a batch are computed at the same time.
struct interval_sum {
  request_trace::time_point begin, end; ///< Of the first to begin, and of the last to end.
  std::chrono::nanoseconds total{};     ///< The sum of their lengths.
  std::chrono::nanoseconds longest{};
};

/// All steps of one name of a trace. There is one of each, except in a request for many lists.
struct step_summary {
  std::string_view name;
  trace_step::kind what = trace_step::kind::work;
  std::size_t count = 0;
  interval_sum whole;
  std::optional<interval_sum> queue;   ///< Nullopt: they do not wait, or nobody knows how long.
  std::optional<interval_sum> compute; ///< Nullopt: they were not computed.
  std::size_t batch = 0;               ///< The largest; 0: unknown.
  std::size_t failures = 0;
  std::string_view failure; ///< Of the first that failed; empty: none.

  bool is_of_store() const noexcept {
    return what == trace_step::kind::store || what == trace_step::kind::store_work;
  }
};

/// The steps of a trace that has ended, by name, in the order in which they first occur. What has no end
/// lasts until that of the trace.
std::vector<step_summary> summary_of(const request_trace& trace);

} // namespace winnow
