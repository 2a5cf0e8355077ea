#pragma once

namespace winnow {

/// From now on, the first SIGINT or SIGTERM only sets a flag; the next one ends the program.
void catch_interrupts();

/// From now on, writing to a pipe whose reader has gone (`winnow-train … | head`) fails instead of ending the
/// program.
void ignore_lost_readers();

/// Whether a signal has asked the program to end.
bool interrupted() noexcept;

} // namespace winnow
