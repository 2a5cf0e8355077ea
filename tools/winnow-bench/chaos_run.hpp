#pragma once

#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/load_generator.hpp"
#include "tools/winnow-bench/served_program.hpp"

#include <functional>
#include <string>
#include <vector>

namespace winnow::bench {

/// Something that goes wrong while the daemon is under a steady load.
struct mishap {
  std::string name;
  std::function<result<void>()> strike;
  double lasts = 0;                        ///< Seconds until `relieve`.
  std::function<result<void>()> relieve{}; ///< Empty: it is for the daemon to get over it.
  double watched = 4;                      ///< Seconds under load after that.
  double share = 0.5;                      ///< The load, of what the daemon can bear.
};

/// winnowd with a Redis of its own, its admin endpoint and faults allowed: what can be done to it, and what
/// comes of the requests meanwhile.
class chaos_run {
public:
  /// Starts both and measures what the daemon can bear.
  static result<chaos_run> begin(const bench_options& options, const deployment& data);

  /// Puts the load on, lets the mishap happen, and adds a row.
  result<void> endure(const mishap& what, report_section& into);

  // What can go wrong.

  result<void> kill(const std::string& actor) const;
  /// Every worker of a stage stops in the middle of its next batch.
  result<void> hang(const std::string& stage) const;
  result<void> clear_faults() const;
  redis_server& redis() { return program_.redis(); }

  /// The actors that can be killed: of a stage's workers only the first, as they are alike.
  result<std::vector<std::string>> actors() const;

  double peak() const { return peak_; } ///< Requests a second in a closed loop.

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
