#pragma once

#include "config/settings/settings.hpp"
#include "redis/change_tracker.hpp"
#include "redis/profile_store.hpp"

#include <memory>

namespace winnow {

/// A store, three times, so that background work does not delay requests, and the tracker of its changes.
/// Each may be owned by its own thread.
struct store_handles {
  std::unique_ptr<profile_store> store;
  std::unique_ptr<profile_store> background_store; ///< The same data.
  std::unique_ptr<profile_store> intake_store;     ///< The same data, for what is read from Kafka.
  std::unique_ptr<change_tracker> changes;
};

/// Creates the store that `settings.address` names. Never connects to a server: the first call on a handle
/// does. For an embedded store, all handles share it. Fails only for `file:`, as `make_file_core` does.
result<store_handles> open_store(const store_settings& settings);

} // namespace winnow
