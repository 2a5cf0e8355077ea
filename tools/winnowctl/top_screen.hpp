#pragma once

#include "tools/winnowctl/ctl_options.hpp"

namespace winnow {

/// Whether a screen can be drawn: the output is a terminal that supports cursor control.
bool can_draw_screen();

/// Draws the daemon's actors every second until `q`, Ctrl-C or the end of the terminal. If the daemon does
/// not answer, shows the error and tries again.
/// @return The exit code.
int run_top(const ctl_options& asked);

} // namespace winnow
