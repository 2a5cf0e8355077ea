#pragma once

namespace winnow {

/// From now on, the first SIGINT or SIGTERM only sets a flag; the next one ends the program.
void catch_interrupts();

/// Whether a signal has asked the program to end.
bool interrupted() noexcept;

} // namespace winnow
