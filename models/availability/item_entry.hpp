#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// What a client said about an item, as a line of the file that keeps it: a JSON object,
///
///     {"item_id":"0764227971","time":1764393600123,"attributes":{"price":5},"base":{"price":7}}
///     {"item_id":"0764227971","time":1764393612345,"reset":true}
struct item_entry {
  std::string item_id;
  std::int64_t time = 0;                    ///< In milliseconds since 1970.
  std::optional<nlohmann::json> attributes; ///< An object. nullopt: what was said before is forgotten.
  /// An object: what the items file said about the attributes then. What is missing is unknown.
  nlohmann::json base = nlohmann::json::object();
};

/// The line, with its end.
std::string to_line(const item_entry& entry);

/// Reads a line without its end; nullopt if it is no whole entry. Lines of earlier versions of the program
/// have no base.
std::optional<item_entry> parse_item_entry(std::string_view line);

} // namespace winnow
