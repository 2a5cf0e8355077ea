#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>

namespace winnow::http {

/// Whether the Host of a request is a loopback name or address. Another one comes from a web page that
/// resolves its own name to this machine (DNS rebinding), or through a proxy.
bool names_this_machine(const request& asked);

/// Decides who may use an endpoint for operators: clients that send the token, but no web page of another
/// origin.
class access_policy {
public:
  /// @param token Required as `Authorization: Bearer …`; empty: no token is required.
  /// @param local_only Whether the endpoint listens on a loopback address. If so, the Host must be a loopback
  /// name
  ///                   or address, which defeats web pages that resolve their own name to this machine (DNS
  ///                   rebinding).
  /// @param advice What a client that did not send the token is told.
  access_policy(std::string token, bool local_only,
                std::string advice = "expected the admin token as Authorization: Bearer …")
      : token_(std::move(token)), local_only_(local_only), advice_(std::move(advice)) {}

  /// Also accepts this token if one is required; empty: no other one.
  void also_accept(std::string another) { other_token_ = std::move(another); }

  /// Returns the refusal of a request that is not allowed; nullopt if it is.
  std::optional<response> refuse(const request& asked) const;

  /// The same for a static page, which reveals nothing by itself: it needs no token, and pages of other
  /// origins may link to it.
  std::optional<response> refuse_page(const request& asked) const;

private:
  bool bears_token(const request& asked) const;

  std::string token_, other_token_;
  bool local_only_;
  std::string advice_;
};

} // namespace winnow::http
