#pragma once

#include "tools/support/child_process.hpp"
#include "tools/support/temp_dir.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace winnow {

/// A private Kafka cluster on free ports of 127.0.0.1, in a process of its own: winnow-kafka-mock. It speaks
/// the real protocol, with groups and rebalances, and creates topics when they are first used. All functions
/// throw std::runtime_error if the process does not do what is requested.
class kafka_cluster {
public:
  /// @param program The path of winnow-kafka-mock. When the constructor returns, the cluster answers.
  explicit kafka_cluster(const std::string& program, std::size_t partitions = 4, std::size_t brokers = 1,
                         const std::string& topic = "user_behavior");

  /// The addresses of the brokers, separated by commas.
  const std::string& brokers() const noexcept { return brokers_; }
  pid_t pid() const noexcept { return process_->pid(); }

  void
  down(std::size_t broker); ///< Breaks the connections to a broker, counted from 1, and refuses further ones.
  void up(std::size_t broker); ///< It answers again, at the same address.

private:
  void command(const std::string& line);
  std::string printed(std::size_t lines) const;

  temp_dir directory_;
  std::unique_ptr<child_process> process_;
  std::string brokers_;
  std::size_t lines_ = 1; ///< That the process has printed.
};

} // namespace winnow
