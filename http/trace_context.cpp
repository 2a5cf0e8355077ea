#include "http/trace_context.hpp"

#include "http/text.hpp"

#include <algorithm>
#include <vector>

namespace winnow::http {

namespace {

// `00-` 32 digits `-` 16 digits `-` 2 digits.
constexpr std::size_t parent_size = 55;
constexpr std::size_t trace_at = 3, span_at = 36, flags_at = 53;

constexpr std::size_t most_entries = 32;
constexpr std::size_t most_state = 512;
constexpr std::size_t long_entry = 128;

/// Reads lower-case hexadecimal digits, all of `text`, at most 16.
std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f'))
      return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return value;
}

/// Writes 16 digits. Returns their end.
char* write_hex(std::uint64_t number, char* to) noexcept {
  constexpr int top = 60;
  for (int shift = top; shift >= 0; shift -= 4)
    *to++ = "0123456789abcdef"[number >> shift & 0xF];
  return to;
}

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_key_part(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower_or_digit(c) || std::string_view("_-*/").find(c) != std::string_view::npos;
  });
}

bool begins_with_letter(std::string_view text) {
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z';
}

/// `key`, or `tenant@system`.
bool is_key(std::string_view key) {
  const auto at = key.find('@');
  if (at == std::string_view::npos)
    return begins_with_letter(key) && is_key_part(key, 256);
  const auto system = key.substr(at + 1);
  return is_key_part(key.substr(0, at), 241) && begins_with_letter(system) && is_key_part(system, 14);
}

bool is_value(std::string_view value) {
  return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~' && c != '='; });
}

std::string_view key_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

/// The entries of a `tracestate`; nullopt if it is malformed.
std::optional<std::vector<std::string_view>> read_entries(std::string_view lines) {
  std::vector<std::string_view> entries;
  while (!lines.empty()) {
    const auto entry = next_part(lines, ',');
    if (entry.empty())
      continue; // allowed, because some senders leave them behind
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos || !is_key(entry.substr(0, equals)) ||
        !is_value(entry.substr(equals + 1)))
      return std::nullopt;
    if (std::none_of(entries.begin(), entries.end(),
                     [&](auto other) { return key_of(other) == key_of(entry); }))
      entries.push_back(entry);
    if (entries.size() > most_entries)
      return std::nullopt;
  }
  return entries;
}

/// The length of the entries with commas between them.
std::size_t length_of(const std::vector<std::string_view>& entries) {
  std::size_t length = entries.empty() ? 0 : entries.size() - 1;
  for (const auto entry : entries)
    length += entry.size();
  return length;
}

void shorten(std::vector<std::string_view>& entries) {
  while (length_of(entries) > most_state) {
    const auto longer =
        std::find_if(entries.rbegin(), entries.rend(), [](auto entry) { return entry.size() > long_entry; });
    entries.erase(longer == entries.rend() ? entries.end() - 1 : longer.base() - 1);
  }
}

} // namespace

std::optional<trace_parent> parse_traceparent(std::string_view lines) {
  if (lines.size() < parent_size || lines[2] != '-' || lines[span_at - 1] != '-' ||
      lines[flags_at - 1] != '-')
    return std::nullopt;
  const auto version = read_hex(lines.substr(0, 2));
  const auto high = read_hex(lines.substr(trace_at, 16));
  const auto low = read_hex(lines.substr(trace_at + 16, 16));
  const auto span = read_hex(lines.substr(span_at, 16));
  const auto flags = read_hex(lines.substr(flags_at, 2));
  if (!version || !high || !low || !span || !flags)
    return std::nullopt;
  const bool longer = lines.size() > parent_size;
  if (*version == 0xFF || (longer && (*version == 0 || lines[parent_size] != '-')))
    return std::nullopt;
  if (lines.find(',') != std::string_view::npos || (*high == 0 && *low == 0) || *span == 0)
    return std::nullopt;
  return trace_parent{{*high, *low}, *span, (*flags & 1) != 0};
}

std::string to_traceparent(const trace_parent& parent) {
  std::string text = "00-";
  append_hex(text, parent.trace.high);
  append_hex(text, parent.trace.low);
  text += '-';
  append_hex(text, parent.span);
  text += parent.sampled ? "-01" : "-00";
  return text;
}

std::string tracestate_to_pass_on(std::string_view lines) {
  auto entries = read_entries(lines);
  if (!entries)
    return {};
  shorten(*entries);
  std::string state;
  for (const auto entry : *entries)
    state.append(state.empty() ? "" : ",").append(entry);
  return state;
}

std::array<char, trace_digits> hex_digits(const trace_id& id) noexcept {
  std::array<char, trace_digits> digits{};
  auto* to = write_hex(id.high, digits.data());
  write_hex(id.low, to);
  return digits;
}

void append_hex(std::string& text, std::uint64_t span) {
  char digits[16];
  text.append(digits, write_hex(span, digits));
}

std::string to_hex(const trace_id& id) {
  const auto digits = hex_digits(id);
  return {digits.begin(), digits.end()};
}

std::string to_hex(std::uint64_t span) {
  std::string text;
  append_hex(text, span);
  return text;
}

} // namespace winnow::http
