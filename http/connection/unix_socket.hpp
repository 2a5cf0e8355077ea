#pragma once

#include "config/system/file_identity.hpp"

#include <boost/system/error_code.hpp>
#include <string>

namespace winnow::http {

/// The file of a Unix socket. Removed on destruction, unless another file has taken its place.
class unix_socket_file {
public:
  explicit unix_socket_file(std::string path) : path_(std::move(path)) {}
  ~unix_socket_file();
  unix_socket_file(const unix_socket_file&) = delete;
  unix_socket_file& operator=(const unix_socket_file&) = delete;

  /// Removes a socket file that an earlier run left behind. Fails with address_in_use if a process listens on
  /// it, or if the path is something other than a socket.
  boost::system::error_code make_room() const;

  /// Called after binding a socket to the path: from now on this owns the file.
  void bound();

private:
  std::string path_;
  file_identity own_; ///< Of no file before bound().
};

} // namespace winnow::http
