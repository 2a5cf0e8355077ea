#pragma once

#include <caf/error.hpp>
#include <exception>

namespace winnow {

/// The handler for exceptions that every long-lived actor sets: what was thrown becomes the reason of its
/// end, which its supervisor or dispatcher logs. CAF's own would print a line of its own form to standard
/// error, and the reason would not tell what was thrown.
caf::error crash_reason(std::exception_ptr& thrown);

} // namespace winnow
