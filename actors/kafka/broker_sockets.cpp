#include "actors/kafka/broker_sockets.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace winnow {

void broker_sockets::shut() {
  const std::lock_guard lock(mutex_);
  is_shut_ = true;
  for (const auto socket : open_)
    ::shutdown(socket, SHUT_RDWR);
}

int broker_sockets::open(int domain, int type, int protocol) {
  const std::lock_guard lock(mutex_);
  if (is_shut_) {
    errno = ECANCELED;
    return -1;
  }
  const int made = ::socket(domain, type | SOCK_CLOEXEC, protocol);
  if (made >= 0)
    open_.insert(made);
  return made;
}

int broker_sockets::close(int socket) {
  const std::lock_guard lock(mutex_);
  open_.erase(socket); // before its number is free for another file
  return ::close(socket);
}

} // namespace winnow
