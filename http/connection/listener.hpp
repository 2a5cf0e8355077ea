#pragma once

#include "config/error.hpp"
#include "config/log/flood_limit.hpp"
#include "http/connection/io_worker.hpp"
#include "http/connection/unix_socket.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <vector>

namespace winnow::http {

/// The listening socket, on the first worker's thread. Distributes new connections to all workers in turn.
class listener {
public:
  using workers = std::vector<std::unique_ptr<io_worker>>;

  listener(server_state& shared, workers& all);

  /// Binds to the address in the settings and begins to accept. Returns the port, or 0 for a Unix socket.
  /// Called before the workers start.
  result<std::uint16_t> open();

  /// Closes the socket. Called on the first worker's thread, or before it starts.
  void close();

private:
  using error_code = boost::system::error_code;

  error_code bind(const stream_protocol::endpoint& where);
  void accept();
  void report_regularly();
  void on_accepted(error_code ec, stream_socket socket, io_worker& worker);

  server_state& shared_;
  workers& all_;
  boost::asio::basic_socket_acceptor<stream_protocol> acceptor_;
  std::unique_ptr<unix_socket_file> file_; ///< Set for a Unix socket.
  boost::asio::steady_timer pause_;
  boost::asio::steady_timer report_;
  flood_limit failures_; ///< To accept a connection.
  std::size_t next_ = 0;
};

} // namespace winnow::http
