#pragma once

#include "config/error.hpp"
#include "models/attributes/item_attributes.hpp"
#include "models/availability/item_entry.hpp"
#include "models/availability/item_fact.hpp"
#include "models/availability/item_journal.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace winnow {

/// What an items file says about an item: a member for each of these attributes, null if it says nothing.
/// @param attributes An object; only its names count.
nlohmann::json said_by(const item_attributes& file, const std::string& item_id,
                       const nlohmann::json& attributes);

/// What clients said about items while the daemon served, and its file. The base of a value is what the items
/// file said when the value came; of values that earlier versions of the program wrote, that is unknown. A
/// reset stays known, also when the file is replaced, as another replica may still tell what was said before
/// it. One thread.
class item_updates {
public:
  using milliseconds = std::int64_t; ///< Since 1970.

  static constexpr std::size_t most_items = 1'000'000;
  static constexpr std::size_t most_resets = 100'000; ///< Of more, the older half is no longer known.

  /// As `item_journal::open`.
  result<void> open(const std::filesystem::path& file);
  const std::string& damage() const noexcept { return journal_.damage(); }

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

  /// Writes what was set and reset since the last call, as `item_journal::write`.
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

  void note(const item_entry& entry);
  void apply(const item_entry& entry);
  bool take_reset(const std::string& item_id, milliseconds time);
  milliseconds reset_of(const std::string& item_id) const;
  void note_reset(const std::string& item_id, milliseconds time);
  void drop_older_resets();
  bool yields(const std::string& item_id, const std::string& attribute, timed& value,
              const item_attributes& file, milliseconds file_time);
  std::string lines() const;

  std::unordered_map<std::string, values_of_item> items_;
  std::unordered_map<std::string, milliseconds> resets_; ///< All values of the item are later.
  item_journal journal_;
};

} // namespace winnow
