#pragma once

#include <gsl/span>
#include <string>

namespace winnow {

/// Returns a JSON array of strings exactly as Python's `json.dumps` writes it, which is what the Spark job
/// stores:
/// `["0764227971", "caf\u00e9"]`. Bytes that are not UTF-8 become U+FFFD.
std::string python_json(gsl::span<const std::string> texts);

} // namespace winnow
