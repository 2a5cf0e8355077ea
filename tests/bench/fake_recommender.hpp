#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace winnow::test {

/// An HTTP server with scripted answers. It handles one request at a time, over all connections.
class fake_recommender {
public:
  /// Returns the answer to the n-th request, counted from 1. An empty answer closes the connection.
  using script = std::function<std::string(std::size_t number)>;

  explicit fake_recommender(script answers);
  ~fake_recommender();

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::size_t requests() const { return requests_; }

private:
  using tcp = boost::asio::ip::tcp;
  void accept();
  void serve(tcp::socket& socket);

  script answers_;
  boost::asio::io_context context_;
  tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::mutex one_at_a_time_;
  std::atomic<std::size_t> requests_{0};
  std::atomic<bool> closing_{false};
  std::vector<std::unique_ptr<tcp::socket>> sockets_; ///< Used by the accepting thread until it ends.
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

/// Returns an answer 200 with a list of `length` items.
std::string list_of(std::size_t length);
/// Returns an answer with a status line and a body.
std::string answer_of(const std::string& status, const std::string& body);

} // namespace winnow::test
