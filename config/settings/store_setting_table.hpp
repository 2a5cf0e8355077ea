#pragma once

#include "config/settings/setting_table.hpp"

#include <vector>

namespace winnow {

/// Private to this folder: the settings of the store, for `setting_table`.
std::vector<setting> store_setting_table();

} // namespace winnow
