#pragma once

#include <cstdint>

namespace winnow {

/// Returns a TCP port of 127.0.0.1 that is free at this moment. Throws std::system_error if there is none.
std::uint16_t free_port();

} // namespace winnow
