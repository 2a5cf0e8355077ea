#pragma once

#include "tools/support/authority.hpp"

namespace winnow::test {
using winnow::authority;
}
