#pragma once

#include "tools/support/child_process.hpp"
#include "tools/support/redis_server.hpp"
#include "tools/winnow-bench/process_usage.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace winnow::bench {

/// How a server that keeps the contract is started, and how it says that it is ready.
struct program_recipe {
  std::string name;
  /// The command line, `NAME=value` of its environment first, for a port and Redis' port.
  std::function<std::vector<std::string>(std::uint16_t port, std::uint16_t redis_port)> command;
  std::string ready_path; ///< Answers 200 from then on.
};

/// The winnowd beside this program. @param flags Further ones.
program_recipe winnowd_recipe(const deployment& data, std::vector<std::string> flags = {});

/// A server and a Redis of its own, on private ports. Both end with it.
class served_program {
public:
  /// Starts Redis, and fills it with all profiles where wished. Not yet the server.
  /// @return `unavailable` with what Redis said.
  static result<served_program> prepare(program_recipe recipe, const deployment& data, bool with_profiles);

  served_program(served_program&&) noexcept = default;
  served_program& operator=(served_program&&) = delete;
  ~served_program() { stop(); }

  /// Starts the server and waits until it is ready. @return `unavailable` with what it printed.
  result<void> start();

  /// Waits until it has nothing left to do of its own: worker processes that still load, lists of users that
  /// have none yet. @return `timeout`.
  result<void> settle() const;

  void stop(); ///< SIGTERM, and waits for it and all that it started.

  const std::string& name() const { return recipe_.name; }
  std::uint16_t port() const { return port_; }
  redis_server& redis() { return *redis_; }
  std::uint16_t redis_port() const { return redis_->port(); }
  double start_seconds() const { return start_seconds_; } ///< From the start to ready.
  memory_use memory() const { return memory_of(process_->pid()); }
  double processor_seconds() const { return bench::processor_seconds(process_->pid()); }
  double redis_processor_seconds() const { return bench::processor_seconds(redis_->pid()); }

private:
  served_program(program_recipe recipe, std::unique_ptr<redis_server> redis);

  program_recipe recipe_;
  std::unique_ptr<redis_server> redis_;
  std::unique_ptr<temp_dir> directory_;
  std::unique_ptr<child_process> process_;
  std::uint16_t port_ = 0;
  double start_seconds_ = 0;
};

} // namespace winnow::bench
