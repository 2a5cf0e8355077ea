#pragma once

#include "config/settings/values/store_address.hpp"
#include "tools/winnowctl/import/imported_shop.hpp"

namespace winnow {

/// What became of the profiles.
struct stored_profiles {
  std::size_t stored = 0;
  /// Users without a profile, because the end of their id would be read as a time, see `parse_profile_key`.
  std::size_t ambiguous = 0;
};

/// Writes each user's history as `user_profile:{id}` into a store; existing profiles are replaced. Stops at
/// the first failure.
result<stored_profiles> store_profiles(const imported_shop& shop, const store_address& where);

} // namespace winnow
