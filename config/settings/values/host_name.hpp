#pragma once

#include "config/error.hpp"

#include <string>
#include <string_view>

namespace winnow {

/// Parses the name of a host, or its address: of IPv6 with or without brackets. Does not check what only a
/// resolver can tell.
/// @return Without the brackets. Errors read "expected …, got …".
result<std::string> parse_host_name(std::string_view text);

} // namespace winnow
