#pragma once

#include "config/settings/settings.hpp"

#include <cstdint>
#include <string>

namespace winnow {

/// Where other machines reach this replica. An address that stands for all interfaces is replaced by the
/// machine's name.
/// @param port 0 if it does not listen: then the result is empty.
std::string replica_rest_address(const http_settings& settings, std::uint16_t port);

/// The same for operators, in the form that `winnowctl --admin` takes.
std::string replica_admin_address(const admin_settings& settings, std::uint16_t port);

} // namespace winnow
