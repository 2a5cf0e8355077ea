#pragma once

#include "tools/support/redis_server.hpp"

namespace winnow::test {
using winnow::redis_server;
} // namespace winnow::test
