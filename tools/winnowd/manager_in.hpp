#pragma once

#include "config/system/service_manager.hpp"

namespace winnow {

/// The service manager that started this process. If the environment asks for one in a way that does not
/// work, or that cannot be kept, that is logged, and no reason to stop.
service_manager manager_in(const environment& variables);

} // namespace winnow
