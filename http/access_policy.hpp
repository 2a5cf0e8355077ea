#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>

namespace winnow::http {

/// Who may use an endpoint that is for operators: who bears the token, and no web page from elsewhere.
class access_policy {
public:
  /// @param token Must come as `Authorization: Bearer …`; empty: none is needed.
  /// @param local_only The endpoint listens on a loopback address: requests must call it by a loopback name.
  ///                   A web page that had its own name resolve to this machine does not.
  access_policy(std::string token, bool local_only) : token_(std::move(token)), local_only_(local_only) {}

  /// The answer to a request that may not pass; nothing: it may.
  std::optional<response> refuse(const request& asked) const;

  /// The same for a page that tells nothing by itself: it needs no token, and may be linked to from
  /// elsewhere.
  std::optional<response> refuse_page(const request& asked) const;

private:
  bool bears_token(const request& asked) const;

  std::string token_;
  bool local_only_;
};

} // namespace winnow::http
