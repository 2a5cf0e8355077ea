#include "tests/bench/fake_recommender.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

namespace winnow::test {

using boost::system::error_code;

fake_recommender::fake_recommender(script answers)
    : answers_(std::move(answers)), accepting_([this] { accept(); }) {}

fake_recommender::~fake_recommender() {
  error_code ignored;
  // Wakes the accepting thread; closing the acceptor would not.
  tcp::socket last(context_);
  const auto endpoint = acceptor_.local_endpoint();
  closing_ = true;
  last.connect(endpoint, ignored);
  accepting_.join();
  for (auto& socket : sockets_)
    socket->shutdown(tcp::socket::shutdown_both, ignored);
  for (auto& thread : threads_)
    thread.join();
}

void fake_recommender::accept() {
  while (true) {
    auto socket = std::make_unique<tcp::socket>(context_);
    error_code failed;
    acceptor_.accept(*socket, failed);
    if (closing_ || failed)
      return;
    sockets_.push_back(std::move(socket));
    threads_.emplace_back([this, accepted = sockets_.back().get()] { serve(*accepted); });
  }
}

void fake_recommender::serve(tcp::socket& socket) {
  boost::asio::streambuf unread;
  for (;;) {
    error_code failed;
    const auto size = boost::asio::read_until(socket, unread, "\r\n\r\n", failed);
    if (failed)
      return;
    unread.consume(size);
    std::string answer;
    {
      const std::lock_guard lock(one_at_a_time_);
      answer = answers_(++requests_);
    }
    if (answer.empty()) {
      socket.shutdown(tcp::socket::shutdown_both, failed);
      return;
    }
    boost::asio::write(socket, boost::asio::buffer(answer), failed);
  }
}

std::string answer_of(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string list_of(std::size_t length) {
  std::string items;
  for (std::size_t i = 0; i < length; ++i)
    items += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  return answer_of("200 OK", "{\"recommendations\":[" + items + "]}");
}

} // namespace winnow::test
