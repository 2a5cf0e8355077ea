#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// How deep the arrays and objects of JSON from outside may lie within each other.
inline constexpr std::size_t most_json_levels = 100;

/// Returns whether arrays and objects lie more than `most_json_levels` deep within each other. To copy,
/// compare or print a value takes stack for each level, so that a megabyte of brackets would end the process.
bool is_nested_too_deeply(std::string_view text) noexcept;

/// Parses JSON from outside.
/// @return A discarded value if the text is no JSON, or is nested too deeply.
nlohmann::json parse_json(std::string_view text);

/// What is wrong with a text that `parse_json` discards, in words that follow "got".
std::string json_defect(std::string_view text);

/// Why and where a parser of nlohmann's stopped: `not JSON at byte 7`, or `a number beyond 1.8e308 at byte
/// 7`, which is JSON, but no `double`.
/// @param position In bytes, from 1.
/// @param exception_id Of the parser's exception.
std::string json_failure(std::size_t position, int exception_id);

/// The name of a member that an object of the text has twice, of which parsing kept the last alone; nullopt
/// if there is none. Costs a fraction of the parsing.
/// @param parsed The value of the text, which is at most `most_json_levels` deep.
std::optional<std::string> lost_member(std::string_view text, const nlohmann::json& parsed);

/// Appends a text as a JSON string, with quotes. Bytes that are not UTF-8 become U+FFFD. Texts that need no
/// escapes, as nearly all do, are copied as they are: that takes a tenth of what the library takes.
void append_json_string(std::string& to, std::string_view text);

/// The same, alone.
std::string json_string(std::string_view text);

} // namespace winnow
