#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// A server of the store, or one that tells where it is.
struct store_place {
  std::string host;
  std::uint16_t port = 0;
};

inline bool operator==(const store_place& a, const store_place& b) {
  return a.port == b.port && a.host == b.host;
}

/// `host:port`, with brackets around an IPv6 address.
std::string to_string(const store_place& place);

/// The same of each, separated by commas.
std::string to_string(const std::vector<store_place>& places);

/// How connections to the store are encrypted.
struct store_tls {
  /// What the server must prove: that an authority vouches for its name, that one vouches for it, or nothing.
  enum class proof { name, authority, none };
  bool on = false;
  std::string authorities; ///< PEM file or directory; empty: those of the system.
  std::string certificate; ///< PEM file of this client; empty: none.
  std::string key;         ///< PEM file; empty: the key is in the certificate's file.
  std::string server_name; ///< That the certificate must name, also sent as SNI; empty: the host.
  proof asked_for = proof::name;
};

/// Where the profile store is: in this process, with or without files that keep it, or in Redis: one server
/// over TCP or a Unix socket, the master that sentinels name, or a cluster.
struct store_address {
  enum class kind { memory, file, tcp, unix_socket, sentinel, cluster };
  kind transport = kind::tcp;
  std::string host = "localhost"; ///< For `tcp`.
  std::uint16_t port = 6379;      ///< For `tcp`.
  std::string path;               ///< For `unix_socket`; for `file`, the directory.
  std::uint32_t database = 0;
  std::string user;     ///< Empty: the default user.
  std::string password; ///< Empty: no AUTH.
  store_tls tls;        ///< Not for `unix_socket`.

  std::vector<store_place> nodes; ///< For `cluster`: some of its nodes.

  // For `sentinel`.
  std::vector<store_place> sentinels;
  std::string master_name = "mymaster"; ///< By which the sentinels know the master.
  std::string sentinel_user;
  std::string sentinel_password;
  bool read_replicas = false; ///< Requests read from replicas.
};

/// Whether the store is in this process.
inline bool is_embedded(const store_address& address) noexcept {
  return address.transport == store_address::kind::memory || address.transport == store_address::kind::file;
}

/// The forms of addresses, for messages.
inline constexpr std::string_view store_address_forms =
    "memory:, file:DIRECTORY, redis[s]://[[user]:password@]host[:port][/db], "
    "redis[s]+sentinel://[[user]:password@]host[:port][,…]/NAME[/db], "
    "redis[s]+cluster://[[user]:password@]host[:port][,…] or "
    "unix://[[user]:password@]/path[?db=N]";

/// Parses an address in one of these forms. User and password may be percent-encoded. IPv6 hosts are written
/// in brackets. Parameters after a `?` have the names that redis-py gives them:
/// - `db`: the number of the database;
/// - `ssl_ca_certs` or `ssl_ca_path`, `ssl_certfile`, `ssl_keyfile`, `ssl_cert_reqs` (`required`, `none`),
///   `ssl_check_hostname` (`true`, `false`), and `ssl_server_name`;
/// - `sentinel_username`, `sentinel_password`, and `read` (`master`, `replica`).
result<store_address> parse_store_address(std::string_view text);

/// Parses `host[:port][,…]`.
result<std::vector<store_place>> parse_store_places(std::string_view text, std::uint16_t default_port);

/// The address in the form that `parse_store_address` reads, with the passwords masked as `***`: for logs.
std::string to_string(const store_address& address);

/// The port on which sentinels listen by default.
inline constexpr std::uint16_t default_sentinel_port = 26379;

} // namespace winnow
