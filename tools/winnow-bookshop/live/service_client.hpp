#pragma once

#include "config/error.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace winnow {

/// The address of a winnowd's REST server.
struct service_address {
  bool tls = false;
  std::string host;
  std::uint16_t port = 80;
  std::string token; ///< Sent with each request; empty: none.
  std::string ca;    ///< For TLS: PEM file with the authorities to trust; empty: the system's.
};

/// Parses `http://host[:port]` or `https://host[:port]`, with IPv6 hosts in brackets. A path other than `/`
/// is refused.
result<service_address> parse_service_address(std::string_view text);

std::string to_string(const service_address& address); ///< `http[s]://host:port`, without the token.

struct service_answer {
  unsigned status = 0;
  std::string body;
};

/// A client of winnowd that keeps its connection. Used by one thread; a call waits for the answer.
class service_client {
public:
  /// @param patience Longest time of one request, with connecting; name resolution is not counted.
  explicit service_client(service_address address,
                          std::chrono::milliseconds patience = std::chrono::seconds(5));
  ~service_client();
  service_client(const service_client&) = delete;
  service_client& operator=(const service_client&) = delete;

  /// Sends one request. It is sent a second time if the server closed a kept connection meanwhile, so it must
  /// do the same when it is done twice. Fails with `unavailable` or `timeout` if no complete answer arrives,
  /// or with `invalid_argument` if the authorities cannot be read; the message names the address or the file.
  /// Answers of every status are values.
  result<service_answer> ask(const std::string& method, const std::string& target,
                             const std::string& body = {});

  const std::string& address() const noexcept { return address_; }

private:
  class connection; ///< Keeps Beast out of this header.

  service_address where_;
  std::string address_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<connection> connection_;
};

/// The failure that an answer other than 2xx means, with winnowd's message.
tl::unexpected<error> refused(const service_client& client, const std::string& what,
                              const service_answer& answer);

} // namespace winnow
