#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/served_program.hpp"

#include <map>
#include <utility>

namespace winnow::bench {

/// Measures how fast the daemon computes the lists of all users in Redis, without requests over HTTP.
class poller_run {
public:
  enum class start {
    /// Redis is empty when the daemon starts; then all profiles are written as fast as Redis accepts them.
    /// Timed
    /// from the first write to the last list.
    changes,
    /// Redis holds all profiles when the daemon starts. Timed from ready to the last list.
    full,
  };

  poller_run(const bench_options& options, const deployment& data) : options_(options), data_(data) {}

  /// Runs all repetitions of all cases in turns, each with a new daemon and a new Redis.
  result<void> run(const std::vector<std::pair<start, std::size_t>>& cases_and_workers);
  void report(bench_report& into) const;

  /// Returns profiles per second, null if not measured.
  const samples* rate(start from, std::size_t workers) const;

private:
  struct record {
    samples rate, seconds, server_cost, redis_cost, resident_mb, start_seconds, others;
  };
  result<void> repeat(start from, std::size_t workers, record& into) const;

  const bench_options& options_;
  const deployment& data_;
  std::map<std::pair<start, std::size_t>, record> records_;
};

} // namespace winnow::bench
