#pragma once

#include <caf/error.hpp>
#include <exception>

namespace winnow {

/// The exception handler of every long-lived actor. Turns the exception into the actor's exit reason, which
/// its supervisor or dispatcher logs. CAF's default handler prints a line in its own format to standard
/// error, and its exit reason does not contain the exception's message. If there was no room for a thread,
/// ends the process instead: another attempt of the supervisor would find none either.
caf::error crash_reason(std::exception_ptr& thrown);

} // namespace winnow
