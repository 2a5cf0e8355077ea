#pragma once

#include "tools/support/http_client.hpp"

namespace winnow::test {
using winnow::http_answer;
using winnow::http_client;
using winnow::http_headers;
} // namespace winnow::test
