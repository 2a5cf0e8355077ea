#pragma once

#include "config/error.hpp"

#include <string>
#include <vector>

namespace winnow {

/// Private to this folder: all addresses of a host, as numbers, in the order in which the system prefers
/// them. The system sets the time limit of the look-up. Error: `unavailable`.
result<std::vector<std::string>> host_addresses(const std::string& host);

} // namespace winnow
