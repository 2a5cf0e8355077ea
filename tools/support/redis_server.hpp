#pragma once

#include "tools/support/child_process.hpp"
#include "tools/support/temp_dir.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// A private redis-server, or what WINNOW_REDIS_SERVER names in its place, on a free port of 127.0.0.1 and a
/// Unix socket, without persistence, in its own directory. When the constructor returns, the server answers.
/// All functions throw std::runtime_error with the server's message if the server does not do what is
/// requested.
class redis_server {
public:
  /// @param arguments Additional arguments for redis-server, e.g. {"--requirepass", "secret"}.
  explicit redis_server(std::vector<std::string> arguments = {});

  void start();   ///< Uses the same port and socket as before. Does nothing if the server runs.
  void stop();    ///< Loses all data, as a crash without persistence does.
  void restart(); ///< Stops, then starts.

  /// Adds arguments for the next start.
  void add_arguments(const std::vector<std::string>& further) {
    arguments_.insert(arguments_.end(), further.begin(), further.end());
  }

  void crash();  ///< Ends at once, as after kill -9.
  void freeze(); ///< The server keeps its connections but does nothing, like a hanging machine.
  void thaw();   ///< The server continues.

  std::uint16_t port() const noexcept { return port_; }
  pid_t pid() const noexcept { return process_->pid(); } ///< Only while the server runs.
  std::string socket_path() const { return directory_.path() + "/redis.sock"; }

  /// Executes a command as the default user on database 0, on a new connection. Returns the reply as text:
  /// nil as `(nil)`, an error unchanged, the elements of an array one per line.
  std::string call(const std::vector<std::string>& command) const;

  /// The same at any server on 127.0.0.1. @param password Empty: none.
  static std::string call(std::uint16_t port, const std::vector<std::string>& command,
                          const std::string& password = {});

  /// The program that the environment names, or `redis-server`.
  static std::string program();

private:
  bool answers() const;

  std::vector<std::string> arguments_;
  temp_dir directory_;
  std::uint16_t port_ = 0;
  std::unique_ptr<child_process> process_;
};

} // namespace winnow
