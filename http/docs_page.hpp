#pragma once

#include <string_view>

namespace winnow::http {

/// The HTML page that renders `openapi.json`. It loads that file from its own directory, and nothing else
/// from the network. Valid for the life of the process.
std::string_view docs_page() noexcept;

} // namespace winnow::http
