#pragma once

#include "tools/support/child_process.hpp"

namespace winnow::test {
using winnow::child_process;
} // namespace winnow::test
