#include "config/system/service_manager.hpp"

#include "config/text/number_text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace winnow {

namespace {

const std::string* find(const environment& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? nullptr : &found->second;
}

result<std::uint64_t> number(const std::string& name, const std::string& text) {
  const auto value = parse_integer<std::uint64_t>(text);
  if (!value)
    return fail(fault::invalid_argument, name + ": expected a number, got \"" + text + '"');
  return *value;
}

/// Returns the address of a socket in the file system, or, with `@` at its start, of an abstract one.
result<std::vector<char>> address_of(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.empty() || (name.front() != '/' && name.front() != '@'))
    return fail(fault::unsupported, "NOTIFY_SOCKET: expected a path or @name, got \"" + name + '"');
  if (name.size() >= sizeof address.sun_path)
    return fail(fault::too_large, "NOTIFY_SOCKET: expected at most " +
                                      std::to_string(sizeof address.sun_path - 1) + " bytes, got " +
                                      std::to_string(name.size()));
  std::copy(name.begin(), name.end(), std::begin(address.sun_path));
  if (name.front() == '@')
    address.sun_path[0] = '\0';
  // An abstract name ends where the address ends.
  const auto length =
      offsetof(sockaddr_un, sun_path) + name.size() + static_cast<std::size_t>(name.front() == '/');
  std::vector<char> bytes(length);
  std::memcpy(bytes.data(), &address, length);
  return bytes;
}

/// The watchdog's time, if it is meant for this process and not for one that started it.
result<std::chrono::microseconds> watchdog_in(const environment& variables) {
  const auto* const within = find(variables, "WATCHDOG_USEC");
  if (within == nullptr)
    return std::chrono::microseconds(0);
  if (const auto* const meant = find(variables, "WATCHDOG_PID")) {
    const auto process = number("WATCHDOG_PID", *meant);
    if (!process)
      return tl::unexpected<error>(process.error());
    if (*process != static_cast<std::uint64_t>(::getpid()))
      return std::chrono::microseconds(0);
  }
  return number("WATCHDOG_USEC", *within).map([](std::uint64_t count) {
    return std::chrono::microseconds(count);
  });
}

std::string in_one_line(std::string_view text) {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

} // namespace

result<service_manager> service_manager::named_by(const environment& variables) {
  service_manager named;
  const auto* const name = find(variables, "NOTIFY_SOCKET");
  if (name == nullptr)
    return named;
  auto address = address_of(*name);
  if (!address)
    return tl::unexpected<error>(address.error());
  const auto watchdog = watchdog_in(variables);
  if (!watchdog)
    return tl::unexpected<error>(watchdog.error());
  named.socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (named.socket_ < 0)
    return fail(fault::io_error, "NOTIFY_SOCKET: no socket: " + std::generic_category().message(errno));
  const timeval patience{1, 0}; // a manager that does not read must not stop the daemon
  ::setsockopt(named.socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  named.address_ = std::move(*address);
  named.watchdog_ = *watchdog;
  return named;
}

service_manager::~service_manager() {
  if (socket_ >= 0)
    ::close(socket_);
}

service_manager::service_manager(service_manager&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), address_(std::move(other.address_)),
      watchdog_(other.watchdog_) {}

service_manager& service_manager::operator=(service_manager&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(address_, other.address_);
  std::swap(watchdog_, other.watchdog_);
  return *this;
}

void service_manager::ready(std::string_view status) const {
  send("READY=1\nSTATUS=" + in_one_line(status));
}

void service_manager::reloading() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void service_manager::stopping(std::string_view status) const {
  send("STOPPING=1\nSTATUS=" + in_one_line(status));
}

void service_manager::progress() const {
  if (watchdog_.count() > 0)
    send("WATCHDOG=1", MSG_DONTWAIT);
}

/// A manager that went away is no reason to stop, and there is nobody else to tell.
void service_manager::send(const std::string& state, int flags) const {
  if (socket_ < 0)
    return;
  const auto* const address = reinterpret_cast<const sockaddr*>(address_.data());
  while (::sendto(socket_, state.data(), state.size(), flags | MSG_NOSIGNAL, address,
                  static_cast<socklen_t>(address_.size())) < 0 &&
         errno == EINTR) {
  }
}

} // namespace winnow
