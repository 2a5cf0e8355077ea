#pragma once

/// The exit codes of winnowctl; scripts rely on them.
namespace winnow::ctl_exit {

inline constexpr int done = 0;
inline constexpr int refused = 1;      ///< The daemon answered that it will not or cannot.
inline constexpr int usage = 64;       ///< The command line is wrong.
inline constexpr int unreachable = 69; ///< There is no daemon at the address.
inline constexpr int config = 78;      ///< The environment is wrong.

} // namespace winnow::ctl_exit
