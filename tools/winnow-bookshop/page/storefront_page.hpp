#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// Returns the storefront: one page without further files.
/// @param nonce Authorizes the page's script and style. Must equal the nonce in the response's
///              Content-Security-Policy and differ for each response.
std::string storefront_page(std::string_view nonce);

} // namespace winnow
