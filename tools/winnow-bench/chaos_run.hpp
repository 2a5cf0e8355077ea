#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/load_generator.hpp"
#include "tools/winnow-bench/served_program.hpp"

#include <functional>
#include <string>
#include <vector>

namespace winnow::bench {

/// A failure to inject while the daemon is under a steady load.
struct mishap {
  std::string name;
  std::function<result<void>()> strike;
  double lasts = 0;                        ///< Seconds from `strike` to `relieve`.
  std::function<result<void>()> relieve{}; ///< Ends the failure; if empty, the daemon recovers itself.
  double watched = 4;                      ///< Seconds of load that follow.
  double share = 0.5;                      ///< The load, as a share of the daemon's peak rate.
};

/// Runs winnowd on a private Redis, with its admin endpoint and fault injection enabled. Injects failures and
/// counts what happens to the requests meanwhile.
class chaos_run {
public:
  /// Starts both programs and measures the daemon's peak rate.
  static result<chaos_run> begin(const bench_options& options, const deployment& data);

  /// Starts the load, injects the failure, and adds a row with the outcome.
  result<void> endure(const mishap& what, report_section& into);

  // ---- failures ----

  result<void> kill(const std::string& actor) const;
  /// Makes each worker of a stage hang in its next batch.
  result<void> hang(const std::string& stage) const;
  result<void> clear_faults() const;
  redis_server& redis() { return program_.redis(); }

  /// Returns the actors to kill. Of a stage's workers, which are alike, only the first.
  result<std::vector<std::string>> actors() const;

  double peak() const { return peak_; } ///< Requests per second in a closed loop.

private:
  chaos_run(served_program program, const deployment& data, std::uint16_t admin_port)
      : program_(std::move(program)), data_(&data), admin_port_(admin_port) {}

  result<std::string> ask(const std::string& method, const std::string& target) const;

  served_program program_;
  const deployment* data_;
  std::uint16_t admin_port_;
  double peak_ = 0;
  std::uint64_t seed_ = 0;
};

} // namespace winnow::bench
