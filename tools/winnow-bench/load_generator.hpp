#pragma once

#include "config/error.hpp"
#include "models/training/support/random.hpp"
#include "tools/winnow-bench/latency_histogram.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace winnow::bench {

/// A load of `POST /recommend/{user}` for random users, over persistent connections to 127.0.0.1.
struct load_plan {
  std::uint16_t port = 0;
  std::size_t connections = 1;
  double seconds = 1;
  /// 0 makes a closed loop: each connection sends its next request when it has the answer to the last. Any
  /// other value makes an open loop: requests are due at this constant rate per second, whatever the server
  /// does. Each is sent on a free connection or waits for one, and its latency counts from when it was due.
  double rate = 0;
  std::size_t list_length = 20; ///< The list length that an answer must have.
  /// A path to GET instead, to measure HTTP alone. Only the status of the answers is checked.
  std::string probe;
  /// Users of one request (`POST /recommend`), all of which must get a list; 0: one, named in the path.
  std::size_t batch = 0;
  /// Returns the JSON body of the next request for one user. Empty: there is none.
  std::function<std::string(random_source&)> body = {};
  std::uint64_t seed = 1;
  std::chrono::milliseconds patience{10'000}; ///< How long to wait for missing answers at the end.
};

/// The outcome of a load. Latencies include all requests that were sent or due within the time, even if the
/// answer arrived later.
struct load_outcome {
  std::uint64_t requests = 0;   ///< Requests that were sent or due within the time.
  latency_histogram served;     ///< Answers 200 with a complete list.
  latency_histogram refused;    ///< Answers 503.
  latency_histogram late;       ///< Answers 504: the server gave up on the request.
  std::uint64_t in_time = 0;    ///< Served requests whose answer arrived within the time.
  std::uint64_t degraded = 0;   ///< Served requests whose answer lacks a stage.
  std::uint64_t wrong = 0;      ///< Other answers, and lists of a different length.
  std::uint64_t broken = 0;     ///< Lost connections and answers that are not HTTP.
  std::uint64_t unanswered = 0; ///< No answer within `patience`; also in `served`, with the time waited.
  /// When the last request failed or was degraded, in seconds since `begin`; 0 if none.
  double last_trouble = 0;
  std::chrono::steady_clock::time_point begin; ///< When the first request was sent or due.
  double seconds = 0;
  double generator_seconds = 0; ///< Processor time of the load generator.
  std::string complaint;        ///< The first failure; empty if there was none.

  double served_rate() const { return static_cast<double>(in_time) / seconds; }
};

/// Runs a load against a server. Blocks until it is over. @return `unavailable` if nothing listens on the
/// port.
result<load_outcome> run_load(const load_plan& plan, const std::vector<std::string>& users);

} // namespace winnow::bench
