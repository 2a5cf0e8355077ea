#include "http/connection/unix_socket.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace winnow::http {

namespace {

namespace asio = boost::asio;

bool has_listener(const std::string& path) {
  asio::io_context context(1);
  asio::local::stream_protocol::socket socket(context);
  boost::system::error_code ec;
  socket.connect({path}, ec);
  return ec != asio::error::connection_refused;
}

} // namespace

boost::system::error_code unix_socket_file::make_room() const {
  struct stat found {};
  if (::lstat(path_.c_str(), &found) != 0)
    return {}; // There is no file, or it cannot be reached, which binding will report.
  if (!S_ISSOCK(found.st_mode) || has_listener(path_))
    return asio::error::address_in_use;
  ::unlink(path_.c_str());
  return {};
}

void unix_socket_file::bound() {
  own_ = file_identity(path_);
}

unix_socket_file::~unix_socket_file() {
  if (own_.is_at(path_))
    ::unlink(path_.c_str());
}

} // namespace winnow::http
