#pragma once

#include "config/error.hpp"
#include "http/io_worker.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <vector>

namespace winnow::http {

/// The listening socket, on the first worker's thread; deals new connections out to all of them in turn.
class listener {
public:
  using workers = std::vector<std::unique_ptr<io_worker>>;

  listener(service& shared, workers& all);

  /// Binds to the settings' address and begins to accept; gives the port. Before the workers run.
  result<std::uint16_t> open();

  /// Closes the socket. On the first worker's thread.
  void close();

private:
  using error_code = boost::system::error_code;

  error_code bind(const boost::asio::ip::tcp::endpoint& where);
  void accept();
  void on_accepted(error_code ec, boost::asio::ip::tcp::socket socket, io_worker& worker);

  service& shared_;
  workers& all_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::size_t next_ = 0;
};

} // namespace winnow::http
