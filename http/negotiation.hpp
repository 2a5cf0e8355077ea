#pragma once

#include "http/message.hpp"

#include <string_view>

namespace winnow::http {

/// Whether a client of /metrics gets Prometheus text: where its Accept header ranks text/plain or
/// application/openmetrics-text above JSON, by q-value, then by how specific the range is. A missing header,
/// `*/*` and application/json get JSON.
bool wants_prometheus(std::string_view accept);

/// Whether a Content-Type is JSON: application/json or application/…+json, whatever its parameters.
bool is_json(std::string_view content_type);

/// Whether a Prefer header holds this preference (`respond-async`).
bool prefers(std::string_view prefer, std::string_view preference);

/// A query parameter as a truth value: true/false, 1/0, yes/no, on/off in any case; `fallback` where it is
/// missing; anything else fails with invalid_argument and names the parameter.
result<bool> bool_parameter(const request& asked, std::string_view name, bool fallback);

} // namespace winnow::http
