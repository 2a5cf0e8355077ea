#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/served_program.hpp"

#include <map>
#include <utility>

namespace winnow::bench {

/// How quickly the daemon computes the lists of all users out of Redis, with nobody asking over HTTP.
class poller_run {
public:
  enum class start {
    changes, ///< Redis is empty when the daemon starts; then all profiles are written as fast as Redis takes
             ///< them. From the first write to the last list.
    full,    ///< All profiles stand in Redis when the daemon starts. From ready to the last list.
  };

  poller_run(const bench_options& options, const deployment& data) : options_(options), data_(data) {}

  /// All repetitions of all cases, each with a daemon and a Redis of its own; the cases take turns.
  result<void> run(const std::vector<std::pair<start, std::size_t>>& cases_and_workers);
  void report(bench_report& into) const;

  /// Profiles a second; null: not measured.
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
