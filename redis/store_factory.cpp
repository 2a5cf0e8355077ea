#include "redis/store_factory.hpp"

#include "config/log/log.hpp"
#include "config/system/usable_memory.hpp"
#include "redis/changes/redis_change_tracker.hpp"
#include "redis/cluster/cluster_change_tracker.hpp"
#include "redis/memory_store.hpp"
#include "redis/store/redis_store.hpp"
#include "redis/store/replica_reader.hpp"

namespace winnow {

namespace {

constexpr std::size_t default_share = 4; // the store may take a quarter of the memory

result<std::shared_ptr<memory_core>> open_core(const store_settings& settings) {
  const std::size_t limit =
      settings.memory_limit > 0 ? settings.memory_limit : usable_memory() / default_share;
  if (settings.address.transport == store_address::kind::file)
    return make_file_core(settings.address.path, limit);
  log_event(log_level::warning, "store", "profiles and lists are lost when winnowd ends",
            {{"store", "memory:"}, {"advice", "--store file:DIRECTORY keeps them"}});
  return make_memory_core(limit);
}

} // namespace

result<store_handles> open_store(const store_settings& settings) {
  if (is_embedded(settings.address)) {
    const auto core = open_core(settings);
    if (!core)
      return tl::unexpected<error>(core.error());
    return store_handles{std::make_unique<memory_store>(*core, to_string(settings.address)),
                         std::make_unique<memory_store>(*core, to_string(settings.address)),
                         std::make_unique<memory_store>(*core, to_string(settings.address)),
                         std::make_unique<memory_change_tracker>(*core)};
  }
  const auto shared = std::make_shared<store_sightings>();
  if (settings.address.transport == store_address::kind::cluster)
    return store_handles{
        std::make_unique<redis_store>(settings, shared), std::make_unique<redis_store>(settings, shared),
        std::make_unique<redis_store>(settings, shared), std::make_unique<cluster_change_tracker>(settings)};
  auto at_master = settings;
  at_master.address.read_replicas = false;
  std::unique_ptr<profile_store> store;
  if (settings.address.read_replicas)
    store = std::make_unique<replica_reader>(settings, shared);
  else
    store = std::make_unique<redis_store>(settings, shared);
  return store_handles{std::move(store), std::make_unique<redis_store>(at_master, shared),
                       std::make_unique<redis_store>(at_master, shared),
                       std::make_unique<redis_change_tracker>(at_master)};
}

} // namespace winnow
