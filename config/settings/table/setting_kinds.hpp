#pragma once

// Functions that make the entries of the setting table, one per kind of value. Included only by the parts of
// the table.

#include "config/settings/table/setting_table.hpp"
#include "config/settings/table/setting_value.hpp"
#include "config/settings/values/duration.hpp"
#include "config/settings/values/http_url.hpp"
#include "config/settings/values/network_list.hpp"
#include "config/settings/values/origin_list.hpp"
#include "config/settings/values/pair_list.hpp"
#include "config/settings/values/property_list.hpp"
#include "config/text/ascii.hpp"
#include "config/text/quoted_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace winnow::setting_kinds {

/// Returns an accessor for a field: a chain of member pointers that starts at `settings`.
template<class... Members>
auto at(Members... members) {
  return [=](auto& draft) -> auto& {
    return (draft.values.*....*members);
  };
}

inline std::string environment_name(std::string_view name) {
  std::string text = "WINNOW_";
  for (const char c : name)
    text += c == '-' ? '_' : upper(c);
  return text;
}

inline std::string got(std::string_view text) {
  constexpr std::size_t longest = 100;
  return ", got " + (text.size() > longest ? quoted_text(text.substr(0, longest)) + "…" : quoted_text(text));
}

/// The texts of a setting in the table.
struct description {
  std::string_view name;
  std::string_view group;
  std::string_view value_name;
  std::string_view help;
};

inline setting described(const description& about, std::string range) {
  setting made;
  made.name = about.name;
  made.environment = environment_name(about.name);
  made.group = about.group;
  made.value_name = about.value_name;
  made.help = about.help;
  made.range = std::move(range);
  return made;
}

/// Python's `int()` and scripts that read values from files with CR LF do not mind blanks around them.
inline setting without_blanks(setting made) {
  made.blanks_count = false;
  return made;
}

/// A setting whose text `read_value` parses and whose value `accepted` validates. Errors state `kind` and
/// `range` as expected.
template<class Field, class Accepted>
setting make(const description& about, const std::string& kind, std::string range, Field field,
             Accepted accepted) {
  auto expected = kind + range;
  auto made = described(about, std::move(range));
  made.assign = [=](settings_draft& draft, std::string_view from) -> std::optional<std::string> {
    auto value = field(draft);
    if (!read_value(from, value) || !accepted(value))
      return "expected " + expected + got(from);
    field(draft) = std::move(value);
    return std::nullopt;
  };
  made.print = [=](const settings_draft& draft) { return print_value(field(draft)); };
  return made;
}

template<class Field, class Value>
setting number(const description& about, Value least, Value most, Field field) {
  return without_blanks(make(about, "a whole number from ",
                             std::to_string(least) + " to " + std::to_string(most), field,
                             [=](const auto& value) { return value >= least && value <= most; }));
}

/// A number of bytes, also with a unit of powers of 1024: `512M`, `2GB`, `2GiB`.
template<class Field>
setting bytes(const description& about, Field field) {
  auto made = without_blanks(described(about, "a number of bytes, or with k, M, G or T: 512M"));
  made.assign = [=](settings_draft& draft, std::string_view from) -> std::optional<std::string> {
    const auto value = parse_bytes(from);
    if (!value)
      return "expected a number of bytes such as 1000000, 512M or 2G" + got(from);
    field(draft) = *value;
    return std::nullopt;
  };
  made.print = [=](const settings_draft& draft) { return print_value(field(draft)); };
  return made;
}

/// A width of the cascade. If it is unset, the model directory may define it; otherwise `fallback` applies.
template<class Field>
setting width(const description& about, std::size_t fallback, Field field) {
  auto made = without_blanks(described(about, "1 to " + std::to_string(widest_cascade)));
  made.otherwise = "from model.json in the model directory, else this default";
  made.assign = [=, range = made.range](settings_draft& draft,
                                        std::string_view from) -> std::optional<std::string> {
    std::size_t value = 0;
    if (!read_value(from, value) || value < 1 || value > widest_cascade)
      return "expected a whole number from " + range + got(from);
    field(draft) = value;
    return std::nullopt;
  };
  made.print = [=](const settings_draft& draft) { return print_value(field(draft).value_or(fallback)); };
  return made;
}

template<class Field>
setting duration(description about, std::chrono::milliseconds least, std::chrono::milliseconds most,
                 Field field) {
  about.value_name = "DURATION";
  auto made =
      without_blanks(make(about, "a duration from ", to_string(least) + " to " + to_string(most), field,
                          [=](std::chrono::milliseconds value) { return value >= least && value <= most; }));
  made.assign = [assign = made.assign](settings_draft& draft, std::string_view from) {
    auto problem = assign(draft, from);
    if (problem)
      *problem += hint_at_unit(from);
    return problem;
  };
  return made;
}

template<class Field>
setting text(const description& about, Field field) {
  return make(about, "a non-empty text", "", field, [](const std::string& value) { return !value.empty(); });
}

template<class Field>
setting optional_text(const description& about, Field field) {
  auto made = make(about, "a text", "", field, [](const std::string&) { return true; });
  made.empty_is_value = true;
  return made;
}

/// A name that becomes part of a key in the store.
template<class Field>
setting key_name(const description& about, Field field) {
  auto made =
      make(about, "at most 64 letters, digits, dots, hyphens and underscores", "", field,
           [](const std::string& value) {
             constexpr std::size_t longest = 64;
             return value.size() <= longest && std::all_of(value.begin(), value.end(), [](char c) {
                      return is_alphanumeric(c) || std::string_view(".-_").find(c) != std::string_view::npos;
                    });
           });
  made.empty_is_value = true;
  return without_blanks(std::move(made));
}

template<class Field>
setting choice(const description& about, std::string range, Field field) {
  return without_blanks(make(about, "", std::move(range), field, [](const auto&) { return true; }));
}

template<class Field>
setting origin_list(const description& about, Field field) {
  auto made = make(about, "",
                   "\"*\", an empty text, or a comma-separated list of origins, each of scheme, host and "
                   "perhaps port, such as https://shop.example or http://localhost:3000",
                   field, [](const std::string& value) { return is_origin_list(value); });
  made.empty_is_value = true;
  return without_blanks(std::move(made));
}

template<class Field>
setting networks(const description& about, Field field) {
  auto made =
      make(about, "", "a comma-separated list of addresses and networks such as 10.0.0.0/8, or an empty text",
           field, [](const std::string& value) { return network_list::parse(value).has_value(); });
  made.empty_is_value = true;
  return without_blanks(std::move(made));
}

/// A number from 0 to 1.
template<class Field>
setting fraction(const description& about, Field field) {
  return without_blanks(
      make(about, "a number from ", "0 to 1", field, [](double value) { return value >= 0 && value <= 1; }));
}

/// A number from 0 to 1000.
template<class Field>
setting factor(const description& about, Field field) {
  constexpr double most = 1000;
  return without_blanks(make(about, "a number from ", "0 to 1000", field,
                             [](double value) { return value >= 0 && value <= most; }));
}

/// The URL of a server, or an empty text.
template<class Field>
setting url(const description& about, Field field) {
  auto made = make(about, "", "http://host[:port][/path], https://… or an empty text", field,
                   [](const std::string& value) { return value.empty() || parse_http_url(value); });
  made.assign = [assign = made.assign](settings_draft& draft, std::string_view from) {
    auto problem = assign(draft, from);
    if (problem && from.find('@') != std::string_view::npos)
      problem = "expected http://host[:port][/path] without user and password"; // which it does not quote
    return problem;
  };
  made.empty_is_value = true;
  return without_blanks(std::move(made));
}

/// Pairs `key=value`, separated by commas.
template<class Field>
setting pairs(const description& about, Field field) {
  auto made = make(about, "", "pairs such as key=value,key2=a%20b, or an empty text", field,
                   [](const std::string& value) { return parse_pairs(value).has_value(); });
  made.empty_is_value = true;
  return made;
}

template<class Field>
setting on_off(const description& about, Field field) {
  auto made = choice(about, "true or false", field);
  made.is_switch = true;
  return made;
}

/// Properties of another library, `NAME=VALUE`. A flag for each, or one text with commas between them: a part
/// without `=` belongs to the value before it.
template<class Field>
setting properties(const description& about, Field field) {
  auto made = described(about, "NAME=VALUE, separated by commas; the flag may be repeated");
  made.is_list = true;
  made.empty_is_value = true;
  made.assign = [=](settings_draft& draft, std::string_view from) -> std::optional<std::string> {
    auto read = parse_properties(from);
    if (!read)
      return read.error().message;
    field(draft) = std::move(*read);
    return std::nullopt;
  };
  made.print = [=](const settings_draft& draft) { return print_properties(field(draft)); };
  return made;
}

inline setting named(std::string environment, setting made) {
  made.environment = std::move(environment);
  return made;
}

/// Neither the printed settings nor errors show the value.
inline setting secret(setting made) {
  made.assign = [assign = made.assign](settings_draft& draft, std::string_view from) {
    auto problem = assign(draft, from);
    if (problem)
      problem->resize(std::min(problem->find(", got "), problem->size()));
    return problem;
  };
  made.print = [print = made.print](const settings_draft& draft) {
    return print(draft).empty() ? std::string() : std::string("***");
  };
  return made;
}

} // namespace winnow::setting_kinds
