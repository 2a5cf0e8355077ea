#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The headers of W3C Trace Context (https://www.w3.org/TR/trace-context/), by which a request says to which
/// trace it belongs.
namespace winnow::http {

/// The id of a trace: 16 bytes, not all zero.
struct trace_id {
  std::uint64_t high = 0, low = 0;

  bool operator==(const trace_id& other) const noexcept { return high == other.high && low == other.low; }
};

/// What a `traceparent` header says.
struct trace_parent {
  trace_id trace;
  std::uint64_t span = 0; ///< The sender's span, not zero.
  bool sampled = false;   ///< Whether the sender records the trace.
};

/// Parses a `traceparent` header. Returns nullopt if it is malformed: then a new trace begins. Of a later
/// version, the fields of version 00 are read and what follows them is ignored.
/// @param lines The header's lines, joined by commas: a repeated header is malformed.
std::optional<trace_parent> parse_traceparent(std::string_view lines);

/// The `traceparent` header of version 00.
std::string to_traceparent(const trace_parent& parent);

/// The `tracestate` header to pass on: at most 32 entries and 512 characters. Entries of more than 128
/// characters are left out first, then the last ones. Empty if the header is malformed; of entries with the
/// same key, the first one counts.
/// @param lines The header's lines, joined by commas.
std::string tracestate_to_pass_on(std::string_view lines);

inline constexpr std::size_t trace_digits = 32;

/// The lower-case hexadecimal digits of a trace's id.
std::array<char, trace_digits> hex_digits(const trace_id& id) noexcept;

/// The same as text; of a span, 16 digits.
std::string to_hex(const trace_id& id);
std::string to_hex(std::uint64_t span);

/// Appends the same to `text`.
void append_hex(std::string& text, std::uint64_t span);

} // namespace winnow::http
