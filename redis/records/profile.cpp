#include "redis/records/profile.hpp"

#include "config/text/has_nul.hpp"
#include "config/text/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <utility>

namespace winnow {
namespace {

using nlohmann::json;

/// What becomes of items that can be no ids.
enum class others { refused, unknown };

/// Handles the parser's events. No JSON tree is built, and the first invalid event ends the parse.
class profile_reader {
public:
  /// @param most_items More than there are in the text.
  profile_reader(const profile_limits& limits, others what, std::size_t most_items)
      : limits_(limits), others_(what) {
    items_.reserve(std::min(most_items, 2 * limits_.max_items));
  }

  bool null() { return add_unknown("null"); }
  bool boolean(bool) { return add_unknown("a boolean"); }
  // The value of -0 has lost its sign. Only numbers written with a minus arrive as signed integers.
  bool number_integer(std::int64_t value) {
    return add(value == 0 ? "-0" : std::to_string(value), "a number");
  }
  bool number_unsigned(std::uint64_t value) { return add(std::to_string(value), "a number"); }
  bool number_float(double, const std::string& written) { return add(written, "a number"); }
  bool string(std::string& value) { return add(std::move(value), "a string"); }
  bool binary(json::binary_t&) { return refuse("binary data"); }
  bool start_object(std::size_t) { return refuse("an object"); }
  bool key(const std::string&) { return refuse("an object"); }
  bool end_object() { return refuse("an object"); }

  bool start_array(std::size_t) {
    if (inside_)
      return refuse("an array");
    inside_ = true;
    return true;
  }

  bool end_array() { return true; }

  bool parse_error(std::size_t position, const std::string&, const json::exception& wrong) {
    // The parser's own message quotes the last token, which may be megabytes long.
    failure_ = error{fault::malformed, json_failure(position, wrong.id) + where()};
    return false;
  }

  result<parsed_profile> finish(bool parsed) {
    if (parsed) {
      forget_beyond(limits_.max_items);
      return parsed_profile{std::move(items_), left_out_};
    }
    return tl::unexpected<error>(
        failure_.value_or(error{fault::internal, "the JSON parser stopped without a reason"}));
  }

private:
  std::string number() const { return std::to_string(left_out_ + items_.size()); }
  std::string where() const { return inside_ ? " (item " + number() + ")" : ""; }

  /// Keeps the newest items.
  void forget_beyond(std::size_t most) {
    if (items_.size() <= most)
      return;
    const auto old = items_.size() - most;
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(old));
    left_out_ += old;
  }

  bool add(std::string item, const char* type) {
    if (!inside_)
      return refuse(type);
    if (items_.size() >= 2 * limits_.max_items) // so that an item is moved once at most
      forget_beyond(limits_.max_items);
    items_.push_back(std::move(item));
    return true;
  }

  bool add_unknown(const char* type) {
    return others_ == others::unknown ? add(std::string(), type) : refuse(type);
  }

  bool refuse(const char* type) {
    failure_ = error{fault::malformed, inside_ ? "item " + number() + ": expected a string, got " + type
                                               : std::string("expected an array of strings, got ") + type};
    return false;
  }

  profile_limits limits_;
  others others_;
  profile items_;
  std::size_t left_out_ = 0;
  bool inside_ = false;
  std::optional<error> failure_;
};

/// The code unit of an escape such as `\u00fc` at this place; nullopt if there is none.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  constexpr std::size_t mark = 2, digits = 4; // of `\u`, and behind it
  if (text.substr(at, mark) != "\\u" || text.size() - at < mark + digits)
    return std::nullopt;
  unsigned unit = 0;
  const char* const end = text.data() + at + mark + digits;
  const auto [stop, status] = std::from_chars(end - digits, end, unit, 16);
  return status == std::errc() && stop == end ? std::optional(unit) : std::nullopt;
}

bool is_first_half(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_second_half(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

/// Whether a JSON string has half a surrogate pair, which is no text.
bool has_half_pair(std::string_view quoted) {
  constexpr std::size_t escape = 6;
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    if (quoted[at] != '\\')
      continue;
    const auto unit = escaped_unit(quoted, at).value_or(0);
    if (is_second_half(unit))
      return true;
    if (is_first_half(unit)) {
      if (!is_second_half(escaped_unit(quoted, at + escape).value_or(0)))
        return true;
      at += escape;
    }
    ++at; // what the backslash escapes
  }
  return false;
}

/// The length of the JSON string that begins here, with its quotes.
std::size_t length_of_string(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"')
    at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

/// The length of the value that begins here, if it is one that Python takes for JSON and that is none; else
/// 0.
std::size_t length_of_foreign(std::string_view text) {
  for (const std::string_view name : {"NaN", "Infinity", "-Infinity"})
    if (text.substr(0, name.size()) == name)
      return name.size();
  return 0;
}

/// Makes such items empty strings, and blanks, so that all else stays at its place.
std::string without_foreign(std::string text) {
  for (auto at = std::min(text.find('['), text.size()); at < text.size();) {
    const auto rest = std::string_view(text).substr(at);
    const bool is_string = rest.front() == '"';
    const auto length = is_string ? length_of_string(rest) : length_of_foreign(rest);
    if (length >= 2 && (!is_string || has_half_pair(rest.substr(0, length)))) {
      std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), length, ' ');
      text[at] = text[at + 1] = '"';
    }
    at += std::max<std::size_t>(length, 1);
  }
  return text;
}

result<parsed_profile> parse(std::string_view text, const profile_limits& limits, others what) {
  if (text.size() > limits.max_bytes)
    return fail(fault::too_large,
                std::to_string(text.size()) + " bytes, more than " + std::to_string(limits.max_bytes));
  if (has_nul(text))
    return fail(fault::malformed, "not JSON at byte " + std::to_string(text.find('\0') + 1));
  const auto most_items = static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) + 1;
  profile_reader reader(limits, what, most_items);
  const bool parsed = json::sax_parse(text.begin(), text.end(), &reader);
  return reader.finish(parsed);
}

} // namespace

result<parsed_profile> parse_profile(std::string_view text, const profile_limits& limits) {
  return parse(text, limits, others::refused);
}

result<parsed_profile> parse_stored_profile(std::string_view text, const profile_limits& limits) {
  auto parsed = parse(text, limits, others::unknown);
  if (parsed || parsed.error().cause != fault::malformed)
    return parsed;
  const auto json = without_foreign(std::string(text));
  return json == text ? parsed : parse(json, limits, others::unknown);
}

std::string to_json(gsl::span<const std::string_view> item_ids) {
  // Written by hand: building a JSON tree took as long as all other work to store a list.
  constexpr std::size_t around = 3; // quotes and comma
  std::string list;
  list.reserve(
      std::accumulate(item_ids.begin(), item_ids.end(), std::size_t{2},
                      [](std::size_t sum, std::string_view id) { return sum + id.size() + around; }));
  list = "[";
  for (const auto id : item_ids) {
    if (list.size() > 1)
      list += ',';
    append_json_string(list, id);
  }
  return list += ']';
}

} // namespace winnow
