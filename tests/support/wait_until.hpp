#pragma once

#include "tools/support/wait_until.hpp"

namespace winnow::test {
using winnow::wait_until;
} // namespace winnow::test
