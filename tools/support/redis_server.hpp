#pragma once

#include "tools/support/child_process.hpp"
#include "tools/support/temp_dir.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// A redis-server of one's own: on a free port of 127.0.0.1 and a Unix socket, without persistence,
/// in a directory of its own. It answers when the constructor returns. All functions throw std::runtime_error
/// where the server does not do as asked, with what it said.
class redis_server {
public:
  /// @param arguments Further ones for redis-server, e.g. {"--requirepass", "secret"}.
  explicit redis_server(std::vector<std::string> arguments = {});

  void start();   ///< On the same port and socket as before. Does nothing where it runs.
  void stop();    ///< All data is gone, as after a crash without persistence.
  void restart(); ///< Stop, then start.
  void freeze();  ///< It keeps its connections but does nothing any more, as a machine that hangs.
  void thaw();    ///< It goes on.

  std::uint16_t port() const noexcept { return port_; }
  pid_t pid() const noexcept { return process_->pid(); } ///< Only while it runs.
  std::string socket_path() const { return directory_.path() + "/redis.sock"; }

  /// Executes a command as the default user on database 0, on a connection of its own. The reply as text: nil
  /// as
  /// `(nil)`, an error as it came, an array's elements each on a line.
  std::string call(const std::vector<std::string>& command) const;

private:
  bool answers() const;

  std::vector<std::string> arguments_;
  temp_dir directory_;
  std::uint16_t port_ = 0;
  std::unique_ptr<child_process> process_;
};

} // namespace winnow
