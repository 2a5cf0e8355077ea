#pragma once

#include "http/message.hpp"

#include <string_view>

namespace winnow::http {

/// The forms in which /metrics answers.
enum class metrics_type { json, prometheus_text, open_metrics };

/// The form that a client of /metrics gets: the one that its Accept header ranks highest, by q-value, then by
/// the specificity of the range. JSON wins ties, so a missing header, `*/*` and application/json get JSON. Of
/// the two texts, OpenMetrics is only for clients that name it.
metrics_type wanted_metrics(std::string_view accept);

/// Whether a Content-Type is JSON: application/json or application/…+json, with any parameters.
bool is_json(std::string_view content_type);

/// Whether a Prefer header contains this preference, e.g. `respond-async`.
bool prefers(std::string_view prefer, std::string_view preference);

/// Reads a query parameter as a bool: true/false, 1/0, yes/no or on/off in any case; `fallback` if it is
/// missing. Any other value fails with invalid_argument and names the parameter.
result<bool> bool_parameter(const request& asked, std::string_view name, bool fallback);

/// Reads a query parameter as a whole number in digits; `fallback` if it is missing. Any other value, and one
/// outside of `least` to `most`, fails with invalid_argument and names the parameter.
result<std::size_t> number_parameter(const request& asked, std::string_view name, std::size_t fallback,
                                     std::size_t least, std::size_t most);

} // namespace winnow::http
