#pragma once

#include "config/settings/setting_table.hpp"

#include <vector>

namespace winnow {

/// Private to this folder: parts of `setting_table`.

std::vector<setting> store_setting_table();
std::vector<setting> list_setting_table();   ///< Models, the gate before new ones, and the cascade.
std::vector<setting> change_setting_table(); ///< The pipeline, the poller, the fleet, and learning.
std::vector<setting> kafka_setting_table();

} // namespace winnow
