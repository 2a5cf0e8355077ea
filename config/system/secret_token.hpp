#pragma once

#include <cstddef>
#include <string>

namespace winnow {

inline constexpr std::size_t secret_token_size = 64;

/// A new secret of 256 random bits, as 64 hexadecimal digits. Throws std::system_error if the system has no
/// random numbers.
std::string secret_token();

} // namespace winnow
