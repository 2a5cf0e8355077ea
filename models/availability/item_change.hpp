#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace winnow {

/// What a client says about an item.
struct item_change {
  std::string item_id;
  /// An object with the attributes' new values, where null means none; other attributes keep theirs. nullopt:
  /// forget what clients said about the item, so that the items file alone counts again.
  std::optional<nlohmann::json> attributes;
};

} // namespace winnow
