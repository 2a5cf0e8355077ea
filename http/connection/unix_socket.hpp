#pragma once

#include <boost/system/error_code.hpp>
#include <string>

namespace winnow::http {

/// The file of a Unix socket: removed when this ends, unless another one has taken its place.
class unix_socket_file {
public:
  explicit unix_socket_file(std::string path) : path_(std::move(path)) {}
  ~unix_socket_file();
  unix_socket_file(const unix_socket_file&) = delete;
  unix_socket_file& operator=(const unix_socket_file&) = delete;

  /// Makes room: removes a socket that nobody listens on, which an earlier run left behind.
  /// Fails with address_in_use where somebody does, or where something else than a socket is there.
  boost::system::error_code make_room() const;

  /// A socket was bound to the path: the file is ours.
  void bound();

private:
  std::string path_;
  unsigned long long inode_ = 0; ///< 0: there is no file of ours.
};

} // namespace winnow::http
