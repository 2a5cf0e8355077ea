#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Whether the store lets a fleet use one command.
struct fleet_command_check {
  std::string name; ///< As Redis documents write it, e.g. `XGROUP`.
  std::string_view needed_for;
  std::optional<error> failure; ///< nullopt: it works.
};

/// Tries the commands that a fleet needs besides those of `check_store`, all of which are indispensable to
/// it. Writes the keys of a fleet that does not exist, and removes them. Blocks for at most the connect and
/// command timeouts. Errors: those of the connection.
result<std::vector<fleet_command_check>> check_fleet(const store_settings& settings);

/// The rights to these commands as in an ACL rule, separated by spaces, without those that every daemon
/// needs.
std::string fleet_acl_words();

} // namespace winnow
