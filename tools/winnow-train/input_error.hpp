#pragma once

#include "config/error.hpp"

#include <utility>

namespace winnow {

/// What was read, or why it could not be. Among the errors of this program, `io_error` is left to what cannot
/// be written, which has an exit code of its own.
template<class T>
result<T> from_input(result<T> read) {
  if (read || read.error().cause != fault::io_error)
    return read;
  return fail(fault::malformed, std::move(read.error().message));
}

} // namespace winnow
