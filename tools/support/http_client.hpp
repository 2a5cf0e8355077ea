#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// A response as received.
struct http_answer {
  unsigned status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers; ///< In the order received.

  /// Returns the first value of a header, whose name is compared without case; empty if it is missing.
  std::string header(std::string_view name) const;
};

/// Additional headers of a request.
using http_headers = std::vector<std::pair<std::string, std::string>>;

/// A synchronous HTTP/1.1 client of a server on 127.0.0.1, which opens a connection per request. Throws
/// std::runtime_error if no complete response arrives within the limit.
class http_client {
public:
  explicit http_client(std::uint16_t port, std::chrono::milliseconds limit = std::chrono::seconds(20))
      : port_(port), limit_(limit) {}

  http_answer get(const std::string& target, const http_headers& headers = {}) const;
  http_answer post(const std::string& target, const std::string& body = {},
                   const http_headers& headers = {}) const;
  http_answer put(const std::string& target, const std::string& body) const;
  http_answer erase(const std::string& target) const; ///< DELETE
  http_answer send(const std::string& method, const std::string& target, const std::string& body = {},
                   const http_headers& headers = {}) const;

  /// Whether the port accepts connections.
  bool accepted() const;

private:
  std::uint16_t port_;
  std::chrono::milliseconds limit_;
};

} // namespace winnow
