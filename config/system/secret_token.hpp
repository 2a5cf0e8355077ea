#pragma once

#include <string>

namespace winnow {

/// A new secret of 256 random bits, as 64 hexadecimal digits. Throws std::system_error if the system has no
/// random numbers.
std::string secret_token();

} // namespace winnow
