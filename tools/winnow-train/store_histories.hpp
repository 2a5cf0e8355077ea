#pragma once

#include "config/settings/settings.hpp"
#include "models/training/interactions/interactions.hpp"

#include <string>
#include <vector>

namespace winnow {

/// In the place of an address: the store that the environment of winnowd names.
inline constexpr const char* store_of_environment = "env:";

/// The histories of a store's profiles.
struct store_histories {
  interaction_log log;
  std::string source;             ///< The store's address, with passwords masked.
  std::vector<std::string> notes; ///< What was read, and what was left out and why.
};

/// Returns the settings of the store with this address, or of the one that the environment names
/// (`WINNOW_STORE`, `REDIS_HOST` and so on, as for winnowd).
/// @return `invalid_argument` for a store that ends with this program, `memory:`.
result<store_settings> store_to_read(const std::string& address);

/// Reads the newest profile of every user. Blocking.
/// @param strict The first profile that cannot be read is an error, instead of being left out.
/// @return The store's error, or `malformed` if there is no history at all.
result<store_histories> read_store_histories(const store_settings& settings, bool strict);

} // namespace winnow
