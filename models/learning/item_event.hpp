#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace winnow {

/// A user took an item.
struct item_event {
  std::uint64_t user = 0;            ///< Hash of the user's id.
  std::optional<std::uint32_t> row;  ///< Of the user's embedding; nullopt for unknown users.
  std::vector<std::uint32_t> before; ///< The items that the user took before, newest first.
};

} // namespace winnow
