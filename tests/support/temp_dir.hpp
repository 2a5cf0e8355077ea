#pragma once

#include "tools/support/temp_dir.hpp"

namespace winnow::test {
using winnow::temp_dir;
} // namespace winnow::test
