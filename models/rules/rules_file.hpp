#pragma once

#include "models/rules/shop_rules.hpp"

#include <filesystem>
#include <string_view>

namespace winnow {

/// Parses the rules of a shop:
///
///     {"filter": {"in_stock": true}, "exclude": ["0990351408"],
///      "boost": [{"filter": {"genre": "Crime"}, "factor": 1.2}],
///      "pin": {"0764227971": 3}, "diversity": {"attribute": "author", "most": 2},
///      "placements": {"cart": {"limit": 6, "candidates": 400, "filter": {"price": {"lte": 20}}}}}
///
/// All members may be missing. `limit`, `candidates` and `din_keep` are for placements alone; a `comment` may
/// be anywhere beside them.
/// @return `malformed` with every fault, `; ` between two: `placements.cart.boost[1].filter: …`, what was
///   expected and what came.
result<shop_rules> parse_rules(std::string_view text);

/// Reads a file of rules. Blocking.
/// @return The errors of `parse_rules`, which name the file; `too_large` above 4 MiB, `not_found`,
/// `io_error`.
result<shop_rules_ptr> read_rules(const std::filesystem::path& file);

} // namespace winnow
