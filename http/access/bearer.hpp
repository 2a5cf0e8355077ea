#pragma once

#include <string_view>

namespace winnow::http {

/// The token in an Authorization header of the form `Bearer TOKEN`; empty if the header has another form.
std::string_view bearer_token(std::string_view authorization) noexcept;

/// Compares in a time that depends on the length of `given` alone: it must not reveal how much of it is
/// right.
bool same_secret(std::string_view given, std::string_view secret) noexcept;

} // namespace winnow::http
