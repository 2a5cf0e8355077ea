#pragma once

#include "redis/profile_store.hpp"
#include "redis/records/profile.hpp"

#include <functional>

namespace winnow {

/// What a reading of all profiles found.
struct newest_profiles {
  std::size_t users = 0; ///< With a profile, readable or not.
  std::size_t older = 0; ///< Profiles that are not their user's newest, and so are not read.
};

/// Called with each user's newest profile, or with the reason why it cannot be read: `malformed`, `conflict`
/// (the key holds another type), `too_large`, or `not_found` (it was removed meanwhile). An error ends the
/// reading.
using take_profile = std::function<result<void>(const profile_key&, result<parsed_profile>)>;

/// Reads the newest profile of every user, in the order of their ids, so that the same data is read in the
/// same order. First lists all keys, of which it keeps one per user; then reads the values, a few at a time,
/// so that the values in memory never exceed a few megabytes or one profile.
///
/// Blocking. @return The first error of the store, or that of `take`.
result<newest_profiles> read_newest_profiles(profile_store& store, const take_profile& take);

} // namespace winnow
