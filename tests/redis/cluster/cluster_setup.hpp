#pragma once

#include "store_settings_for.hpp"
#include "tools/support/redis_cluster.hpp"

namespace winnow::test {

/// A cluster as the settings of a store name it: by its first nodes.
class cluster_setup : public redis_cluster {
public:
  store_settings settings() {
    auto settings = settings_for_port(1);
    settings.address.transport = store_address::kind::cluster;
    for (std::size_t i = 0; i < shards; ++i)
      settings.address.nodes.push_back({"127.0.0.1", node(i).port()});
    return settings;
  }
};

} // namespace winnow::test
