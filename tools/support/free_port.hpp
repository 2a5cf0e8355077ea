#pragma once

#include <cstdint>

namespace winnow {

/// A TCP port of 127.0.0.1 that nobody listens on at this moment. Throws where there is none.
std::uint16_t free_port();

} // namespace winnow
