#pragma once

#include <string_view>

namespace winnow::fleet_scripts {

/// Private to this folder: the parts of the protocol that must be atomic, in Lua. Each names its keys and
/// arguments in fleet_scripts.cpp. They are sent whole each time, as each serves many keys at once.

extern const std::string_view beat;
extern const std::string_view leave;
extern const std::string_view enqueue;
extern const std::string_view renew;
extern const std::string_view trim;
extern const std::string_view tell;

} // namespace winnow::fleet_scripts
