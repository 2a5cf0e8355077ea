#include "redis/records/profile.hpp"

#include "config/text/has_nul.hpp"
#include "config/text/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <utility>

namespace winnow {
namespace {

using nlohmann::json;

/// Handles the parser's events. No JSON tree is built, and the first invalid event ends the parse.
class profile_reader {
public:
  /// @param most_items More than there are in the text.
  profile_reader(const profile_limits& limits, std::size_t most_items) : limits_(limits) {
    items_.reserve(std::min(most_items, 2 * limits_.max_items));
  }

  bool null() { return refuse("null"); }
  bool boolean(bool) { return refuse("a boolean"); }
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

  bool refuse(const char* type) {
    failure_ = error{fault::malformed, inside_ ? "item " + number() + ": expected a string, got " + type
                                               : std::string("expected an array of strings, got ") + type};
    return false;
  }

  profile_limits limits_;
  profile items_;
  std::size_t left_out_ = 0;
  bool inside_ = false;
  std::optional<error> failure_;
};

} // namespace

result<parsed_profile> parse_profile(std::string_view text, const profile_limits& limits) {
  if (text.size() > limits.max_bytes)
    return fail(fault::too_large,
                std::to_string(text.size()) + " bytes, more than " + std::to_string(limits.max_bytes));
  if (has_nul(text))
    return fail(fault::malformed, "not JSON at byte " + std::to_string(text.find('\0') + 1));
  profile_reader reader(limits, static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) + 1);
  const bool parsed = json::sax_parse(text.begin(), text.end(), &reader);
  return reader.finish(parsed);
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
