#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace winnow::http {

/// The two parts of a target in absolute form, such as `http://shop.example:8001/health?a=b`, which clients
/// send to proxies and proxies may pass on (RFC 9112, 3.2.2).
struct absolute_target {
  std::string_view scheme;    ///< As sent, e.g. `http`.
  std::string_view authority; ///< As sent, e.g. `shop.example:8001`; may be empty or malformed.
  std::string_view rest;      ///< Path and query; may be empty, or begin with `?`.
};

/// Splits `target` if it has the absolute form with the scheme `http` or `https`; otherwise returns nullopt.
std::optional<absolute_target> split_absolute(std::string_view target);

/// `authority` in a form that can be compared: lower case, without the scheme's default port, IPv6 addresses
/// in their shortest form. Returns nullopt if it is malformed, has no host, or contains user information,
/// which RFC 9110, 4.2.4 declares an error.
std::optional<std::string> normal_authority(std::string_view authority, std::string_view scheme);

} // namespace winnow::http
