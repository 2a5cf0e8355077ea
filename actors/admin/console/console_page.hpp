#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// The operators' console, /console: one page that shows what GET /stream tells.
/// @param nonce Marks its script and style as its own: the same as in the answer's Content-Security-Policy,
///              another one each time.
std::string console_page(std::string_view nonce);

} // namespace winnow
