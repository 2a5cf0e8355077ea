#pragma once

#include "config/settings/table/setting_table.hpp"

#include <vector>

namespace winnow {

/// Private to this folder: parts of `setting_table`.

std::vector<setting> store_setting_table();
std::vector<setting> kafka_setting_table();

// list_setting_table.cpp
std::vector<setting> models_setting_table();
std::vector<setting> gate_setting_table();
std::vector<setting> cascade_setting_table();

// change_setting_table.cpp
std::vector<setting> pipeline_setting_table();
std::vector<setting> poller_setting_table();
std::vector<setting> fleet_setting_table();
std::vector<setting> learning_setting_table();

} // namespace winnow
