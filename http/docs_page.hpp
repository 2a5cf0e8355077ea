#pragma once

#include <string_view>

namespace winnow::http {

/// The HTML page that renders `openapi.json`, which it loads from beside itself; it needs nothing else from
/// the network. Valid for the life of the process.
std::string_view docs_page() noexcept;

} // namespace winnow::http
