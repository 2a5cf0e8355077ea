#pragma once

#include "tools/winnow-bench/load_record.hpp"

#include <map>

namespace winnow::bench {

/// Requests that come at a constant rate, whatever the server does: latencies count from the moment when each
/// was due, so a server that stalls has all who came meanwhile in its percentiles.
class open_loop {
public:
  /// Shares of the peak that are asked for, in this order.
  static constexpr double shares[] = {0.5, 0.8, 2.0};
  /// Enough of them that the server's own bound on work in flight is met first.
  static constexpr std::size_t connections = 1000;

  open_loop(const bench_options& options, const deployment& data) : options_(options), data_(data) {}

  /// Each repetition finds the peak first: what a closed loop over so many connections is served.
  result<void> run(served_program& server, std::size_t closed_connections);
  void report(bench_report& into) const;

private:
  struct load_at_rate {
    samples due; ///< Requests a second.
    load_record record;
  };
  result<double> find_peak(served_program& server, std::size_t closed_connections);
  result<void> repeat(served_program& server, double rate, load_at_rate& load) const;

  const bench_options& options_;
  const deployment& data_;
  load_record peak_;
  std::map<double, load_at_rate> loads_; ///< By their share.
  load_at_rate recovery_;                ///< At half the peak, a second after twice the peak.
};

} // namespace winnow::bench
