#pragma once

#include "config/error.hpp"
#include "tools/winnow-bench/latency_histogram.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace winnow::bench {

/// `POST /recommend/{user}` of random users over kept connections to 127.0.0.1.
struct load_plan {
  std::uint16_t port = 0;
  std::size_t connections = 1;
  double seconds = 1;
  /// 0: a closed loop, every connection sends its next request when it has the answer to the last. Else an
  /// open one: requests are due at this constant rate a second, whatever the server does; each goes out on a
  /// free connection, or waits for one, and its latency counts from the moment it was due.
  double rate = 0;
  std::size_t list_length = 20; ///< That an answer must have.
  std::string probe; ///< A path to GET instead, of which only the status counts: what HTTP alone costs.
  std::uint64_t seed = 1;
  std::chrono::milliseconds patience{10'000}; ///< For answers that are still missing at the end.
};

/// What came of it. Latencies are of all requests that were sent or due within the time, also where the
/// answer came after it.
struct load_outcome {
  std::uint64_t requests = 0;   ///< All that were sent or due within the time.
  latency_histogram served;     ///< Answers 200 with a whole list.
  latency_histogram refused;    ///< Answers 503.
  latency_histogram late;       ///< Answers 504: the server gave the request up.
  std::uint64_t in_time = 0;    ///< Of the served ones, those whose answer came within the time.
  std::uint64_t degraded = 0;   ///< Of the served ones, those that a stage was missing from.
  std::uint64_t wrong = 0;      ///< Other answers, and lists of another length.
  std::uint64_t broken = 0;     ///< Connections lost, or answers that are no HTTP.
  std::uint64_t unanswered = 0; ///< No answer within the patience; in `served` with how long that was.
  /// When the last answer came that was not a whole, undegraded list, in seconds since the begin; 0: none.
  double last_trouble = 0;
  std::chrono::steady_clock::time_point begin; ///< When the first request was sent or due.
  double seconds = 0;
  double generator_seconds = 0; ///< Processor time that the load itself took.
  std::string complaint;        ///< What was wrong first; empty: nothing.

  double served_rate() const { return static_cast<double>(in_time) / seconds; }
};

/// Puts a load on a server. Blocks until it is over. @return `unavailable` where nobody listens.
result<load_outcome> run_load(const load_plan& plan, const std::vector<std::string>& users);

} // namespace winnow::bench
