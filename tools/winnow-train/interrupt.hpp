#pragma once

namespace winnow {

/// From now on the first SIGINT or SIGTERM only asks the program to end; the next one ends it.
void catch_interrupts();

/// Whether it was asked to end.
bool interrupted() noexcept;

} // namespace winnow
