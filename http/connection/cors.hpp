#pragma once

#include "http/connection/request_parser.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow::http {

/// Which web pages may read the answers: any, those of listed origins, or none.
class cors_policy {
public:
  /// @param origins `*`, or a comma-separated list such as `https://shop.example, http://localhost:3000`;
  ///                empty: no CORS headers at all.
  explicit cors_policy(std::string_view origins);

  /// Appends the header lines of any answer to a request from this origin (empty: none was named).
  void append(std::string_view origin, std::string& head) const;

  /// Adds the headers of the answer to a preflight, if this request is one that is allowed.
  void answer_preflight(const incoming_request& asked, std::string_view methods, response& answer) const;

private:
  bool allows(std::string_view origin) const;

  bool any_ = false;
  std::vector<std::string> origins_;
};

} // namespace winnow::http
