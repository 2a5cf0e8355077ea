#pragma once

/// The exit codes of the daemon, after sysexits.h; scripts and systemd rely on them.
namespace winnow::exit_codes {

inline constexpr int success = 0;
inline constexpr int store_lacks_rights = 1; ///< `--check-store`: an indispensable command does not work.
inline constexpr int no_input = 66;          ///< The model directory is missing or broken.
inline constexpr int unavailable =
    69; ///< The address to listen on is in use or not ours; `--check-store`: Redis is away.
inline constexpr int software = 70; ///< An actor kept dying or did not stop: restart the process.
inline constexpr int config = 78;   ///< The settings are wrong, or need what is not installed.

} // namespace winnow::exit_codes
