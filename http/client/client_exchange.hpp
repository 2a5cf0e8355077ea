#pragma once

#include "config/error.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace winnow::http {

using client_request = boost::beast::http::request<boost::beast::http::string_body>;
using server_answer = boost::beast::http::response<boost::beast::http::string_body>;

/// How to reach a server, and how long to wait for it.
struct server_contact {
  std::string name; ///< Begins the message of each failure.
  std::string host; ///< A name or an address.
  std::uint16_t port = 0;
  std::string unix_path; ///< If set, a Unix socket at this path instead of host and port.
  bool tls = false;
  std::string ca;                     ///< For TLS: see `client_tls_context`.
  std::chrono::milliseconds limit{};  ///< For the whole exchange, except for the look-up of the host's name.
  std::uint64_t longest_answer = 0;   ///< Bytes of the body; a longer one fails.
  std::function<bool()> give_up = {}; ///< Asked several times a second; once it is true, the exchange fails.
};

/// Sends one request over a connection of its own, and waits for the answer. Of a server that speaks TLS, the
/// certificate is checked. Blocking.
/// @return `timeout` if the limit is over, `unavailable` if no complete answer arrives for another reason,
///   `invalid_argument` if the authorities cannot be read.
result<server_answer> exchange_with(const server_contact& server, const client_request& request);

} // namespace winnow::http
