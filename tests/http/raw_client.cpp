#include "raw_client.hpp"

#include "http/text.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace winnow::http::test {

namespace {

constexpr int limit_ms = 20'000;

raw_answer parse_head(std::string_view head) {
  raw_answer parsed;
  BOOST_REQUIRE_EQUAL(head.substr(0, 9), "HTTP/1.1 ");
  parsed.status = static_cast<unsigned>(std::stoul(std::string(head.substr(9, 3))));
  head.remove_prefix(head.find("\r\n") + 2);
  while (head != "\r\n") {
    const auto end = head.find("\r\n");
    const auto colon = head.find(": ");
    BOOST_REQUIRE(colon < end);
    parsed.headers.emplace_back(head.substr(0, colon), head.substr(colon + 2, end - colon - 2));
    head.remove_prefix(end + 2);
  }
  return parsed;
}

} // namespace

std::string raw_answer::header(std::string_view name) const {
  std::string found;
  int times = 0;
  for (const auto& [key, value] : headers)
    if (equal_ignoring_case(key, name)) {
      found = value;
      ++times;
    }
  BOOST_TEST(times <= 1, "header sent twice: " << name);
  return found;
}

bool raw_answer::has(std::string_view name) const {
  for (const auto& pair : headers)
    if (equal_ignoring_case(pair.first, name))
      return true;
  return false;
}

raw_client::raw_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  BOOST_REQUIRE(socket_ >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  BOOST_REQUIRE_EQUAL(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

raw_client::raw_client(const std::string& unix_path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  unix_path.copy(address.sun_path, sizeof address.sun_path - 1);
  BOOST_REQUIRE_EQUAL(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

raw_client::~raw_client() {
  if (socket_ >= 0)
    ::close(socket_);
}

void raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    BOOST_REQUIRE_MESSAGE(sent > 0, "send failed, errno " << errno);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void raw_client::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

void raw_client::disconnect() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(socket_);
  socket_ = -1;
}

bool raw_client::fill() {
  pollfd waiting{socket_, POLLIN, 0};
  // Not BOOST_REQUIRE_MESSAGE: it would format the buffer on each call, which takes minutes for large
  // answers.
  if (::poll(&waiting, 1, limit_ms) != 1)
    BOOST_FAIL("no bytes arrived within 20 s after: " << buffer_);
  char bytes[16 * 1024];
  const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
  BOOST_REQUIRE_MESSAGE(got >= 0, "the connection was reset, errno " << errno);
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return got > 0;
}

raw_answer raw_client::receive(bool to_head) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!fill())
      BOOST_FAIL("the connection ended inside the headers: " << buffer_);
  raw_answer answer = parse_head(std::string_view(buffer_).substr(0, end + 4));
  buffer_.erase(0, end + 4);
  const std::string length = answer.header("Content-Length");
  const std::size_t size = to_head || length.empty() ? 0 : std::stoul(length);
  while (buffer_.size() < size)
    BOOST_REQUIRE_MESSAGE(fill(), "the connection ended inside the body");
  answer.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return answer;
}

std::string raw_client::receive_bytes(std::size_t count) {
  while (buffer_.size() < count && fill()) {
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

raw_answer raw_client::ask(std::string_view bytes, bool to_head) {
  send(bytes);
  return receive(to_head);
}

bool raw_client::is_closed() {
  return buffer_.empty() && !fill();
}

std::string get(std::string_view target, std::string_view lines) {
  std::string bytes = "GET ";
  return bytes.append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(lines).append("\r\n");
}

std::string post(std::string_view target, std::string_view body, std::string_view lines) {
  std::string bytes = "POST ";
  bytes.append(target).append(
      " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: ");
  return bytes.append(std::to_string(body.size())).append("\r\n").append(lines).append("\r\n").append(body);
}

} // namespace winnow::http::test
