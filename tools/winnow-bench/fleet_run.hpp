#pragma once

#include "tools/support/child_process.hpp"
#include "tools/support/redis_server.hpp"
#include "tools/support/temp_dir.hpp"
#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace winnow::bench {

/// Several winnowd on one private Redis, as a fleet or, if there is only one, also alone.
class fleet_run {
public:
  /// Starts Redis, but no replica. @return `unavailable` with the error of Redis.
  static result<fleet_run> prepare(const deployment& data);

  /// Starts one more replica. @param fleet False: it is alone. @return Its index.
  result<std::size_t> add(std::size_t workers, bool fleet);

  /// Waits until all live replicas see each other, one leads, and it is told of changes.
  result<void> assemble(bool fleet);

  /// Sends a signal to a replica. After SIGKILL, its figures no longer count.
  void signal(std::size_t which, int number);

  /// Stops a replica, which then leaves the fleet.
  void drop(std::size_t which);

  bool is_awake(std::size_t which) const { return replicas_.at(which).process && !replicas_[which].asleep; }

  /// The replica that leads; `size()` if none does.
  std::size_t leader() const;
  std::size_t size() const { return replicas_.size(); }

  double sum(const std::string& metric) const;                      ///< Over all live replicas.
  double value(std::size_t which, const std::string& metric) const; ///< 0 if it does not answer.
  double processor_seconds() const;
  double redis_processor_seconds() const;
  redis_server& redis() { return *redis_; }

private:
  struct replica {
    std::unique_ptr<temp_dir> directory;
    std::unique_ptr<child_process> process; ///< Null after SIGKILL.
    std::uint16_t port = 0;
    bool asleep = false;
  };

  explicit fleet_run(const deployment& data) : data_(&data) {}

  const deployment* data_;
  std::unique_ptr<redis_server> redis_;
  std::vector<replica> replicas_;
};

} // namespace winnow::bench
