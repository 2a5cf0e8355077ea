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
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace winnow {

/// What an items file says about an item: a member for each of these attributes, null if it says nothing.
/// @param attributes An object; only its names count.
nlohmann::json said_by(const item_attributes& file, const std::string& item_id,
                       const nlohmann::json& attributes);

/// What clients said about items while the daemon served, and the file that keeps it: a JSON object a line,
///
///     {"item_id":"0764227971","time":1764393600123,"attributes":{"price":5},"base":{"price":7}}
///     {"item_id":"0764227971","time":1764393612345,"reset":true}
///
/// `base` is what the items file said about the attributes at that time; lines of earlier versions of the
/// program lack it. The file only grows by whole lines, and is rewritten when most of its lines are out of
/// date. A reset stays known, also over a rewriting, as another replica may still tell what was said before
/// it. A last line without its end, which a crash may leave, and damaged ones are left out, and not kept.
/// One thread.
class item_updates {
public:
  using milliseconds = std::int64_t; ///< Since 1970.

  static constexpr std::size_t most_items = 1'000'000;
  static constexpr std::size_t most_resets = 100'000; ///< Of more, the older half is no longer known.

  /// Reads the file, if it is there, and appends to it from then on.
  /// @return Why it cannot be read, or what of it was left out: `damage`.
  result<void> open(const std::filesystem::path& file);

  /// How many lines of the file were left out, and what is wrong with the first, with its number; empty if
  /// none was.
  const std::string& damage() const noexcept { return damage_; }

  /// @param base What the items file says about these attributes, see `said_by`; one that is missing in it is
  ///   unknown.
  void set(const std::string& item_id, const nlohmann::json& attributes, milliseconds time,
           const nlohmann::json& base = nlohmann::json::object());
  void reset(const std::string& item_id, milliseconds time);

  /// Takes what another replica was told, unless something later is known of it.
  /// @param base As for `set`.
  /// @return Whether it changes what is known of the item. A reset may not, and is kept nevertheless.
  bool take(const item_fact& fact, const nlohmann::json& base = nlohmann::json::object());

  /// Everything that is known, resets too, in the form in which replicas tell each other.
  std::vector<item_fact> facts() const;

  /// When something was last said about the item, or it was reset; 0 if neither is known.
  milliseconds last_said(const std::string& item_id) const;

  /// Whether there is room for another item, or it is one of them.
  bool has_room_for(const std::string& item_id) const {
    return items_.size() < most_items || items_.count(item_id) != 0;
  }

  /// Forgets values about which an items file says something newer: it is later than they are, has a row for
  /// the item and a column for the attribute, and says something else than the file did when they came. A
  /// copy of that file, however late it was written, says nothing newer.
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
    /// What the items file said when the value came: null if nothing. nullopt: that is unknown.
    std::optional<nlohmann::json> base;
  };
  using values_of_item = std::map<std::string, timed>;

  bool take_line(std::string_view line);
  void apply(const nlohmann::json& entry);
  bool take_reset(const std::string& item_id, milliseconds time);
  milliseconds reset_of(const std::string& item_id) const;
  void note_reset(const std::string& item_id, milliseconds time);
  void drop_older_resets();
  bool yields(const std::string& item_id, const std::string& attribute, timed& value,
              const item_attributes& file, milliseconds file_time);
  result<void> rewrite();
  result<void> append();

  std::filesystem::path file_;
  std::unordered_map<std::string, values_of_item> items_;
  std::unordered_map<std::string, milliseconds> resets_; ///< All values of the item are later.
  std::string unwritten_;
  std::string damage_;
  std::size_t lines_ = 0;        ///< Of the file.
  std::size_t needed_lines_ = 0; ///< Of them, when it was last rewritten.
  bool must_rewrite_ = false;    ///< The file does not end with a whole line, or has what was forgotten.
};

} // namespace winnow
