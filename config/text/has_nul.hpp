#pragma once

#include <string_view>

namespace winnow {

/// Returns whether a text has a zero byte. nlohmann's parser takes it for the end of the text, so that what
/// follows would be ignored.
inline bool has_nul(std::string_view text) noexcept {
  return text.find('\0') != std::string_view::npos;
}

} // namespace winnow
