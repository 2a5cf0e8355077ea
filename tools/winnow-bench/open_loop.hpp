#pragma once

#include "tools/winnow-bench/load_record.hpp"

#include <map>

namespace winnow::bench {

/// Measures a server in an open loop: requests are due at a constant rate, whatever the server does. Latency
/// counts from when a request was due, so the percentiles include all requests that were due during a stall.
class open_loop {
public:
  /// The loads as shares of the peak, in this order.
  static constexpr double shares[] = {0.5, 0.8, 2.0};
  /// Enough that the server reaches its own limit on requests in flight first.
  static constexpr std::size_t connections = 1000;

  open_loop(const bench_options& options, const deployment& data) : options_(options), data_(data) {}

  /// Runs all repetitions. Each first measures the peak: the served rate of a closed loop over
  /// `closed_connections`.
  result<void> run(served_program& server, std::size_t closed_connections);
  void report(bench_report& into) const;

private:
  struct load_at_rate {
    samples due; ///< Requests per second.
    load_record record;
  };
  result<double> find_peak(served_program& server, std::size_t closed_connections);
  result<void> repeat(served_program& server, double rate, load_at_rate& load) const;

  const bench_options& options_;
  const deployment& data_;
  load_record peak_;
  std::map<double, load_at_rate> loads_; ///< By share of the peak.
  load_at_rate recovery_;                ///< At half the peak, one second after the load of twice the peak.
};

} // namespace winnow::bench
