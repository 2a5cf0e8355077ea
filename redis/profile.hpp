#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <gsl/span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// A user's history: item ids, oldest first.
using profile = std::vector<std::string>;

/// Beyond these a profile is refused.
struct profile_limits {
  std::size_t max_bytes = 16u << 20; ///< Of JSON text.
  std::size_t max_items = 100'000;
};

/// Reads a JSON array of strings. Numbers stand for their text exactly as written (`1.50` stays `1.50`).
/// Errors: `malformed`, naming the item's index (from 0) and what came instead, or the byte that is not JSON;
/// `too_large`, found without reading on. Nesting is refused at its first bracket, so its depth costs
/// nothing.
result<profile> parse_profile(std::string_view json, const profile_limits& limits = {});

/// A JSON array of strings, as other programs read recommendation lists. Bytes that are not UTF-8 become
/// U+FFFD.
std::string to_json(gsl::span<const std::string_view> item_ids);

} // namespace winnow
