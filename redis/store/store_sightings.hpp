#pragma once

#include "redis/store/key_rights.hpp"

#include <atomic>
#include <memory>

namespace winnow {

/// What the stores of one daemon have seen of the server's keys: what one of them sees holds for all.
/// Thread-safe.
struct store_sightings {
  /// There are profiles with a timestamp. Only then the probe tries the keys of their lists, which a shop
  /// without timestamps need not allow.
  std::atomic<bool> timestamps{false};
  key_rights rights;
};

using store_sightings_ptr = std::shared_ptr<store_sightings>;

} // namespace winnow
