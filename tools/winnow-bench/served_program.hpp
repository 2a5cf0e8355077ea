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

/// How to start a server with the service's HTTP API, and how to see that it is ready.
struct program_recipe {
  std::string name;
  /// Returns the command line for a port and Redis' port. It begins with `NAME=value` of the environment.
  std::function<std::vector<std::string>(std::uint16_t port, std::uint16_t redis_port)> command;
  std::string ready_path; ///< Answers 200 once the server is ready.
};

/// Runs winnowd. @param flags Additional flags. @param program The one in this program's folder if empty.
program_recipe winnowd_recipe(const deployment& data, std::vector<std::string> flags = {},
                              const std::filesystem::path& program = {});

/// A server with its own Redis, both on private ports. The destructor stops both.
class served_program {
public:
  /// Starts Redis, but not the server. Stores all profiles if `with_profiles` is set.
  /// @return `unavailable` with the error of Redis.
  static result<served_program> prepare(program_recipe recipe, const deployment& data, bool with_profiles);

  /// Stores all profiles, starts the server, and waits until it is idle. @return As `prepare`, `start`, and
  /// `settle` do.
  static result<served_program> run(program_recipe recipe, const deployment& data);

  served_program(served_program&&) noexcept = default;
  served_program& operator=(served_program&&) = delete;
  ~served_program() { stop(); }

  /// Starts the server and waits until it is ready. @return `unavailable` with the end of its output.
  result<void> start();

  /// Waits until the server is idle: worker processes have loaded, and all users have lists.
  /// @return `timeout`.
  result<void> settle() const;

  /// Sends SIGTERM, waits until the server ends, and kills what it started and left behind.
  void stop();

  const std::string& name() const { return recipe_.name; }
  std::uint16_t port() const { return port_; }
  redis_server& redis() { return *redis_; }
  std::uint16_t redis_port() const { return redis_->port(); }
  double start_seconds() const { return start_seconds_; } ///< From its start to ready.
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
