#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace winnow {

/// One thing that a client said about an item. Of two about the same attribute the later one holds.
struct item_fact {
  std::string item_id;
  std::string attribute; ///< Empty: everything that was said up to this time is forgotten.
  std::int64_t time = 0; ///< In milliseconds since 1970.
  nlohmann::json value;  ///< Null: the item has none. Also null if there is no attribute.
  /// What the items file said about the attribute then; null: nothing. nullopt: that is unknown, as replicas
  /// of earlier versions do not tell it.
  std::optional<nlohmann::json> base = std::nullopt;
};

/// Whether the same was said, on top of whatever file.
inline bool operator==(const item_fact& a, const item_fact& b) {
  return a.item_id == b.item_id && a.attribute == b.attribute && a.time == b.time && a.value == b.value;
}

} // namespace winnow
