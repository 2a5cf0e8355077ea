#pragma once

#include "http/connection/request_parser.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow::http {

/// Decides which web pages may use the API: none; those of listed origins, with the user's cookies and every
/// method; or all, but without cookies and without PUT, DELETE and PATCH.
class cors_policy {
public:
  /// @param origins `*`, or a comma-separated list such as `https://shop.example, http://localhost:3000`;
  ///                empty: no CORS headers are sent.
  explicit cors_policy(std::string_view origins);

  /// Appends the CORS header lines for an answer to a request from `origin` (empty if the request names
  /// none). For a preflight, `method` is the one that it asks for.
  void append(std::string_view origin, std::string_view method, std::string& head) const;

  /// Adds the headers of a preflight answer if `asked` is a preflight from an allowed origin.
  void answer_preflight(const incoming_request& asked, std::string_view methods, response& answer) const;

private:
  bool allows(std::string_view origin, std::string_view method) const;

  bool any_ = false;
  std::vector<std::string> origins_;
};

} // namespace winnow::http
