#pragma once

#include <gsl/span>
#include <string>
#include <string_view>

namespace winnow {

/// A Redis command that the daemon uses. The documents' table and ACL line, `--check-store` and the reasons
/// of /readyz are all made of these.
struct needed_command {
  std::string_view name;       ///< As in an ACL rule, e.g. `client|tracking`.
  std::string_view needed_for; ///< What it does for the daemon.
  std::string_view without_it; ///< What happens without it; empty: it is indispensable.
};

/// All of them, the indispensable ones first.
gsl::span<const needed_command> needed_commands();

/// The name as Redis documents write it, e.g. `CLIENT TRACKING`.
std::string display_name(const needed_command& command);

/// The names of the indispensable commands in upper case, separated by spaces.
std::string indispensable_commands();

/// The patterns of the daemon's keys as in an ACL rule, separated by spaces.
inline constexpr std::string_view key_patterns =
    "~user_profile:* ~recommendations:* ~recommendation_result:* ~winnow:*";

/// The channel on which Redis announces changed keys.
inline constexpr std::string_view invalidation_channel = "__redis__:invalidate";

/// The words of an `ACL SETUSER` command that gives the user exactly the needed rights, quoted for a shell.
/// The password is the word `PASSWORD`.
/// @param user Empty: `winnow`.
std::string acl_line(std::string_view user);

} // namespace winnow
