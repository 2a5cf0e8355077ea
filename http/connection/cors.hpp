#pragma once

#include "http/connection/request_parser.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow::http {

/// Decides which web pages may read the answers: all, those of listed origins, or none.
class cors_policy {
public:
  /// @param origins `*`, or a comma-separated list such as `https://shop.example, http://localhost:3000`;
  ///                empty: no CORS headers are sent.
  explicit cors_policy(std::string_view origins);

  /// Appends the CORS header lines for an answer to a request from `origin` (empty if the request names
  /// none).
  void append(std::string_view origin, std::string& head) const;

  /// Adds the headers of a preflight answer if `asked` is a preflight from an allowed origin.
  void answer_preflight(const incoming_request& asked, std::string_view methods, response& answer) const;

private:
  bool allows(std::string_view origin) const;

  bool any_ = false;
  std::vector<std::string> origins_;
};

} // namespace winnow::http
