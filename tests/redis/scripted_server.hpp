#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace winnow::test {

/// One accepted connection of a scripted server.
class scripted_client {
public:
  scripted_client(int descriptor, int number) : descriptor_(descriptor), number_(number) {}

  int number() const noexcept { return number_; } ///< The first connection is 1.

  /// Returns the next command, its words joined by spaces; empty if the peer has hung up.
  std::string read_command();

  /// Answers the log-in of a connection without password and database. Returns the first other command.
  std::string greet();

  void write(std::string_view bytes) const; ///< Does nothing if the peer has hung up.

  void wait_for_hang_up(); ///< Reads and discards until then.

private:
  bool read_line(std::string& line);
  bool read_byte(char& byte);

  int descriptor_;
  int number_;
  std::string unread_;
  std::size_t position_ = 0;
};

/// A server that follows a script. Each connection is served by `serve` on its own thread and closed when
/// `serve` returns. The destructor shuts down all connections, which ends every read of a script.
class scripted_server {
public:
  using script = std::function<void(scripted_client&)>;

  explicit scripted_server(script serve);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  std::uint16_t port() const noexcept { return port_; }

private:
  void accept_all();
  void serve_one(int descriptor, int number);

  script serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

} // namespace winnow::test
