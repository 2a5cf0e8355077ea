#pragma once

#include "store_settings_for.hpp"
#include "tools/support/sentinel_group.hpp"

#include <string>

namespace winnow::test {

/// The sentinels as the settings of a store name them.
class sentinel_setup : public sentinel_group {
public:
  explicit sentinel_setup(const std::string& password = {}) : sentinel_group(password), password_(password) {}

  store_settings settings() const {
    auto settings = settings_for_port(1);
    settings.address.transport = store_address::kind::sentinel;
    for (std::size_t i = 0; i < sentinels; ++i)
      settings.address.sentinels.push_back({"127.0.0.1", sentinel_port(i)});
    settings.address.master_name = "shop";
    settings.address.sentinel_password = password_;
    return settings;
  }

private:
  std::string password_;
};

} // namespace winnow::test
