#pragma once

#include "models/attributes/withheld_items.hpp"

#include <optional>
#include <string>

namespace winnow {

/// An item after a change.
struct item_state {
  std::string item_id;
  std::string attributes; ///< All that the item has now: a JSON object.
  std::optional<withheld_reason> withheld;
  bool known = false; ///< Whether the models know the item.
  bool kept = true;   ///< False: the change could not be written to the file, and will be lost at a restart.
};

} // namespace winnow
