#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace winnow {

/// Whether a stream goes to a terminal that understands escape sequences.
inline bool can_draw_on(std::FILE* stream) {
  const char* term = std::getenv("TERM"); // NOLINT(concurrency-mt-unsafe)
  return ::isatty(::fileno(stream)) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

/// How many characters fit into a line of the stream's terminal; 80 if that is unknown.
inline std::size_t columns_of(std::FILE* stream) {
  constexpr std::size_t usual = 80;
  winsize now{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  return ::ioctl(::fileno(stream), TIOCGWINSZ, &now) == 0 && now.ws_col > 0 ? now.ws_col : usual;
}

} // namespace winnow
