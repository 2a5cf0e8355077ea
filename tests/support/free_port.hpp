#pragma once

#include "tools/support/free_port.hpp"

namespace winnow::test {
using winnow::free_port;
} // namespace winnow::test
