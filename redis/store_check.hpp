#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"
#include "redis/needed_commands.hpp"

#include <optional>
#include <vector>

namespace winnow {

/// Whether the store lets the daemon use one command.
struct command_check {
  needed_command command;
  std::optional<error> failure; ///< nullopt: it works.
};

/// Tries every needed command on a Redis server. Writes two keys of a user that does not exist, which expire
/// within a minute, and removes them. Blocks for at most the connect and command timeouts.
/// Errors: those of the connection.
result<std::vector<command_check>> check_store(const store_settings& settings);

/// Whether the daemon can do its work.
bool is_sufficient(const std::vector<command_check>& checks);

} // namespace winnow
