#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <string>
#include <thread>
#include <vector>

namespace winnow::test {

/// Answers each request with given bytes, in order, for what a daemon never does on demand. An empty answer
/// ends the connection. Serves one connection after the other, until the answers are used up.
class scripted_server {
public:
  explicit scripted_server(std::vector<std::string> answers, bool close_after = false)
      : answers_(std::move(answers)), close_after_(close_after), thread_([this] { serve(); }) {}
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;
  ~scripted_server() {
    boost::system::error_code ignored;
    tcp::socket waker(io_); // ends an accept that still waits
    stopping_ = true;
    waker.connect(listener_.local_endpoint(), ignored);
    waker.close(ignored);
    thread_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(listener_.local_endpoint().port()); }

  /// The targets that were asked for, and the connections. To be called once the client has its answers.
  const std::vector<std::string>& asked() const { return asked_; }
  unsigned connections() const { return connections_; }

private:
  using tcp = boost::asio::ip::tcp;

  void serve() {
    while (next_ < answers_.size()) {
      tcp::socket socket(io_);
      boost::system::error_code failed;
      listener_.accept(socket, failed);
      if (failed || stopping_)
        return;
      ++connections_;
      while (next_ < answers_.size() && answer(socket)) {
      }
    }
  }

  bool answer(tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    boost::beast::http::request<boost::beast::http::string_body> request;
    boost::system::error_code failed;
    boost::beast::http::read(socket, buffer, request, failed);
    if (failed)
      return false;
    asked_.emplace_back(request.target());
    const auto& text = answers_[next_++];
    boost::asio::write(socket, boost::asio::buffer(text), failed);
    return !failed && !text.empty() && !close_after_;
  }

  boost::asio::io_context io_;
  tcp::acceptor listener_{io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  const std::vector<std::string> answers_;
  const bool close_after_;
  std::size_t next_ = 0;
  std::vector<std::string> asked_;
  std::atomic<unsigned> connections_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// The bytes of an answer with a length.
inline std::string answer(unsigned status, const std::string& body, const std::string& header = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + header + "\r\n" + body;
}

} // namespace winnow::test
