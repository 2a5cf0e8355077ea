#include "scripted_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace winnow::test {

std::string scripted_client::read_command() {
  std::string line;
  if (!read_line(line) || line.empty() || line[0] != '*')
    return {};
  std::string command;
  for (int words = std::stoi(line.substr(1)); words > 0; --words) {
    if (!read_line(line))
      return {};
    std::string word(std::stoul(line.substr(1)), '\0');
    for (auto& byte : word) {
      if (!read_byte(byte))
        return {};
    }
    read_line(line);
    command += (command.empty() ? "" : " ") + word;
  }
  return command;
}

std::string scripted_client::greet() {
  auto command = read_command();
  if (command == "CLIENT SETNAME winnow") {
    write("+OK\r\n");
    command = read_command();
  }
  return command;
}

void scripted_client::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void scripted_client::wait_for_hang_up() {
  char byte = 0;
  while (read_byte(byte)) {
  }
}

bool scripted_client::read_line(std::string& line) {
  line.clear();
  char byte = 0;
  while (read_byte(byte) && byte != '\n') {
    if (byte != '\r')
      line += byte;
  }
  return byte == '\n';
}

bool scripted_client::read_byte(char& byte) {
  if (position_ == unread_.size()) {
    unread_.resize(1u << 16);
    const auto got = ::recv(descriptor_, unread_.data(), unread_.size(), 0);
    unread_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    position_ = 0;
    if (unread_.empty())
      return false;
  }
  byte = unread_[position_++];
  return true;
}

scripted_server::scripted_server(script serve) : serve_(std::move(serve)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::system_error(errno, std::generic_category(), "scripted server");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

scripted_server::~scripted_server() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int descriptor : open_)
      ::shutdown(descriptor, SHUT_RDWR);
  }
  for (auto& thread : threads_)
    thread.join();
}

void scripted_server::accept_all() {
  for (int number = 1;; ++number) {
    const int descriptor = ::accept(listener_, nullptr, nullptr);
    if (descriptor < 0)
      return;
    const std::lock_guard lock(mutex_);
    open_.push_back(descriptor);
    threads_.emplace_back([this, descriptor, number] { serve_one(descriptor, number); });
  }
}

void scripted_server::serve_one(int descriptor, int number) {
  scripted_client client(descriptor, number);
  serve_(client);
  const std::lock_guard lock(mutex_);
  open_.erase(std::find(open_.begin(), open_.end(), descriptor));
  ::close(descriptor);
}

} // namespace winnow::test
