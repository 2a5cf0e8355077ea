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

  /// @param peak Served requests a second of the closed loop.
  result<void> run(served_program& server, double peak);
  void report(bench_report& into) const;

  /// What was measured at that share of the peak; null: nothing.
  const load_record* find(double share) const;
  const load_record& recovery() const {
    return recovery_;
  } ///< At half the peak, a second after twice the peak.

private:
  result<void> repeat(served_program& server, double rate, load_record& record) const;

  const bench_options& options_;
  const deployment& data_;
  double peak_ = 0;
  std::map<double, load_record> records_;
  load_record recovery_;
};

} // namespace winnow::bench
