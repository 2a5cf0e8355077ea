#pragma once

#include "config/settings/settings.hpp"
#include "redis/change_tracker.hpp"
#include "redis/profile_store.hpp"

#include <memory>

namespace winnow {

/// A store and what announces its changes; each may be owned by a thread of its own.
struct store_handles {
  std::unique_ptr<profile_store> store;
  std::unique_ptr<change_tracker> changes;
};

/// Opens what `settings.address` names. Never connects and never fails: the first call on a handle connects.
/// `memory:` makes one new store that both handles share.
store_handles open_store(const store_settings& settings);

} // namespace winnow
