#pragma once

/// The exit codes of winnowctl; scripts rely on them.
namespace winnow::ctl_exit {

inline constexpr int done = 0;
inline constexpr int refused = 1;      ///< The daemon refused the request, or an import its file.
inline constexpr int usage = 64;       ///< The command line is invalid.
inline constexpr int unreachable = 69; ///< No winnowd's admin endpoint answers at the address.
inline constexpr int config = 78;      ///< The settings are invalid.

} // namespace winnow::ctl_exit
