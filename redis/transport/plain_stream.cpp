#include "redis/transport/plain_stream.hpp"

#include <poll.h>
#include <utility>

namespace winnow {

result<short> plain_stream::connect() {
  if (std::exchange(dialling_, false))
    return POLLOUT;
  return socket_.finish_dialling().map([] { return short{0}; });
}

result<std::size_t> plain_stream::write(std::string_view bytes) {
  const auto written = socket_.write(bytes);
  if (written < 0)
    return fail(fault::unavailable, "cannot send: " + socket_error_text(written));
  return static_cast<std::size_t>(written);
}

result<std::size_t> plain_stream::read(gsl::span<char> room) {
  const auto received = socket_.read(room);
  if (received < 0)
    return fail(fault::unavailable, socket_error_text(received));
  return static_cast<std::size_t>(received);
}

} // namespace winnow
