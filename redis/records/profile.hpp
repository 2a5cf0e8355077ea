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

struct profile_limits {
  std::size_t max_bytes = 16u << 20; ///< Of JSON text; longer ones are refused.
  std::size_t max_items = 100'000;   ///< Of longer histories, the newest items count.
};

/// What was read of a profile's text.
struct parsed_profile {
  profile items;
  std::size_t left_out = 0; ///< Older items, beyond the limit.
};

/// Parses a JSON array of strings. A number is taken as its text exactly as written (`1.50` stays `1.50`).
/// Errors: `malformed`, which names the item's index (from 0) and its type, or the byte that is not JSON, or
/// ends a number beyond the range of `double`; `too_large`, for too many bytes. Nesting is refused at its
/// first bracket, so deep nesting costs nothing.
result<parsed_profile> parse_profile(std::string_view json, const profile_limits& limits = {});

/// The same for a profile that other programs have stored, maybe Python, whose `json` has more values than
/// JSON. `null`, booleans, NaN, infinities and strings with half a surrogate pair can be no ids: each is an
/// item that nobody knows, with an empty id.
result<parsed_profile> parse_stored_profile(std::string_view json, const profile_limits& limits = {});

/// Returns a JSON array of strings, the format in which other programs read recommendation lists. Bytes that
/// are not UTF-8 become U+FFFD.
std::string to_json(gsl::span<const std::string_view> item_ids);

} // namespace winnow
