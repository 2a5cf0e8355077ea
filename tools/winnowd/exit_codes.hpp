#pragma once

/// The exit codes of the daemon, after sysexits.h; scripts and systemd rely on them.
namespace winnow::exit_codes {

inline constexpr int success = 0;
inline constexpr int store_lacks_rights = 1; ///< `--check-store`: an indispensable command does not work.
inline constexpr int no_input = 66;          ///< The model directory is missing or broken.
inline constexpr int unavailable =
    69; ///< The address to listen on, the store, or the admin token's file, cannot be had.
inline constexpr int software = 70; ///< An actor kept dying or did not stop: restart the process.
inline constexpr int system = 71;   ///< There is no room for a thread (`log_uncaught_exceptions`).
inline constexpr int io_error = 74; ///< The embedded store's files, or what is printed, cannot be written.
inline constexpr int drained = 75;  ///< An operator asked for it: whether to restart is the unit's choice.
inline constexpr int config = 78;   ///< The settings are wrong, or need what is not installed.

} // namespace winnow::exit_codes
