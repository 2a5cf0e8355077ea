#pragma once

/// The exit codes of the daemon, after sysexits.h; scripts and systemd rely on them.
namespace winnow::exit_codes {

inline constexpr int success = 0;
inline constexpr int no_input = 66;    ///< The model directory is missing or broken.
inline constexpr int unavailable = 69; ///< The address to listen on cannot be had.
inline constexpr int software = 70;    ///< An actor kept dying: the process has to begin anew.
inline constexpr int config = 78;      ///< The settings are wrong, or ask for what is not installed.

} // namespace winnow::exit_codes
