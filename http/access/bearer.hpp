#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace winnow::http {

/// The token in an Authorization header of the form `Bearer TOKEN`; empty if the header has another form.
std::string_view bearer_token(std::string_view authorization) noexcept;

/// The target with the values of the parameter `access_token` (RFC 6750, 2.3) masked as `***`; nullopt if it
/// has none. Such a token is not accepted, but may be a right one, which must not get into logs.
std::optional<std::string> without_access_token(std::string_view target);

/// Compares in a time that depends on the length of `given` alone: it must not reveal how much of it is
/// right.
bool same_secret(std::string_view given, std::string_view secret) noexcept;

} // namespace winnow::http
