#pragma once

#include <cerrno>
#include <string_view>
#include <unistd.h>

namespace winnow {

/// Writes all bytes to a descriptor that waits until it can.
/// @return 0, or the number of the error; then some of the bytes may be written.
inline int write_all(int descriptor, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return written == 0 ? EIO : errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

} // namespace winnow
