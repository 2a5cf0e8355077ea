#pragma once

#include <string_view>

namespace winnow {

/// Whether the text is `*`, empty, or a comma-separated list of origins as browsers send them, such as
/// `https://shop.example:8443`: a scheme, a host and perhaps a port, and nothing else.
bool is_origin_list(std::string_view text);

} // namespace winnow
