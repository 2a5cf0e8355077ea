#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

/// Where the profile store is: in this process, with or without files that keep it, or a Redis server over
/// TCP or a Unix socket.
struct store_address {
  enum class kind { memory, file, tcp, unix_socket };
  kind transport = kind::tcp;
  std::string host = "localhost"; ///< For `tcp`.
  std::uint16_t port = 6379;      ///< For `tcp`.
  std::string path;               ///< For `unix_socket`; for `file`, the directory.
  std::uint32_t database = 0;
  std::string user;     ///< Empty: the default user.
  std::string password; ///< Empty: no AUTH.
};

/// Whether the store is in this process.
inline bool is_embedded(const store_address& address) noexcept {
  return address.transport == store_address::kind::memory || address.transport == store_address::kind::file;
}

/// Parses `memory:`, `file:DIRECTORY`, `redis://[[user]:password@]host[:port][/db]` or
/// `unix://[[user]:password@]/path[?db=N]`. User and password may be percent-encoded. IPv6 hosts are written
/// in brackets.
result<store_address> parse_store_address(std::string_view text);

/// The address in the form that `parse_store_address` reads, with the password masked as `***`: for logs.
std::string to_string(const store_address& address);

} // namespace winnow
