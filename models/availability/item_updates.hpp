#pragma once

#include "config/error.hpp"
#include "models/attributes/item_attributes.hpp"
#include "models/availability/item_fact.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace winnow {

/// What clients said about items while the daemon served, and the file that keeps it: a JSON object a line,
///
///     {"item_id":"0764227971","time":1764393600123,"attributes":{"price":5,"hidden":null}}
///     {"item_id":"0764227971","time":1764393612345,"reset":true}
///
/// The file only grows by whole lines, and is rewritten when most of its lines are out of date. A
/// last line without its end, which a crash may leave, is left out. One thread.
class item_updates {
public:
  using milliseconds = std::int64_t; ///< Since 1970.

  static constexpr std::size_t most_items = 1'000'000;

  /// Reads the file, if it is there, and appends to it from then on.
  /// @return `malformed`, which names file and line, if a line cannot be understood.
  result<void> open(const std::filesystem::path& file);

  void set(const std::string& item_id, const nlohmann::json& attributes, milliseconds time);
  void reset(const std::string& item_id, milliseconds time);

  /// Takes what another replica was told, unless something later is known of it.
  /// @return Whether it is news.
  bool take(const item_fact& fact);

  /// Everything that is known, in the form in which replicas tell each other.
  std::vector<item_fact> facts() const;

  /// When something was last said about the item; 0 if nothing was.
  milliseconds last_said(const std::string& item_id) const;

  /// Whether there is room for another item, or it is one of them.
  bool has_room_for(const std::string& item_id) const {
    return items_.size() < most_items || items_.count(item_id) != 0;
  }

  /// Forgets values about which a newer items file says something: it has a row for the item and a column for
  /// the attribute.
  /// @return How many were forgotten.
  std::size_t yield_to(const item_attributes& file, milliseconds file_time);

  /// The values in the form that attributes take them.
  /// @param onto Decides the types. Values that do not fit are left out, and counted in `misfits`.
  std::vector<item_values> values(const item_attributes& onto, std::size_t& misfits) const;

  /// Writes what was set and reset since the last call, to the operating system.
  /// @return `io_error` that names the file. What was not written is tried again with the next call.
  result<void> write();

  std::size_t items() const noexcept { return items_.size(); }

private:
  struct timed {
    nlohmann::json value;
    milliseconds time = 0;
  };
  using values_of_item = std::map<std::string, timed>;

  result<void> take_line(std::string_view line);
  void apply(const nlohmann::json& entry);
  result<void> rewrite();
  result<void> append();

  std::filesystem::path file_;
  std::unordered_map<std::string, values_of_item> items_;
  std::string unwritten_;
  std::size_t lines_ = 0;        ///< Of the file.
  std::size_t needed_lines_ = 0; ///< Of them, when it was last rewritten.
  bool must_rewrite_ = false;    ///< The file does not end with a whole line, or has what was forgotten.
};

} // namespace winnow
