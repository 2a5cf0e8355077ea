#include "redis/store_factory.hpp"

#include "redis/memory_store.hpp"
#include "redis/redis_change_tracker.hpp"
#include "redis/redis_store.hpp"

namespace winnow {

store_handles open_store(const store_settings& settings) {
  if (settings.address.transport == store_address::kind::memory) {
    const auto core = make_memory_core();
    return {std::make_unique<memory_store>(core), std::make_unique<memory_store>(core),
            std::make_unique<memory_change_tracker>(core)};
  }
  return {std::make_unique<redis_store>(settings), std::make_unique<redis_store>(settings),
          std::make_unique<redis_change_tracker>(settings)};
}

} // namespace winnow
