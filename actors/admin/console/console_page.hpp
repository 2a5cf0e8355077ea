#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// Returns the operators' console, /console: one page that shows the events of GET /stream.
/// @param nonce Authorizes the page's script and style. Must equal the nonce in the response's
///              Content-Security-Policy and differ for each response.
std::string console_page(std::string_view nonce);

} // namespace winnow
