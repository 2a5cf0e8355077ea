#pragma once

#include "tools/winnowctl/ctl_options.hpp"

namespace winnow {

/// Whether a screen can be drawn: the output is a terminal that knows more than lines.
bool can_draw_screen();

/// Draws the daemon's actors anew every second until `q`, Ctrl-C or the end of the terminal. A daemon that is
/// away is said to be so, and looked for again.
/// @return The exit code.
int run_top(const ctl_options& asked);

} // namespace winnow
