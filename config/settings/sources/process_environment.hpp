#pragma once

#include "config/settings/sources/env_file.hpp"

namespace winnow {

/// Environment variables by name.
using environment = env_variables;

/// Returns the current environment of this process.
environment process_environment();

} // namespace winnow
