#pragma once

#include "config/settings/settings.hpp"
#include "models/model_set.hpp"

namespace winnow {

/// Loads the model directory, runs the whole cascade once so that every page and buffer has been touched, and
/// logs the result. A failure is returned and not logged: that is up to the caller.
result<model_set_ptr> load_and_warm(const settings& options);

} // namespace winnow
