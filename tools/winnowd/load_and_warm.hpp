#pragma once

#include "config/settings/settings.hpp"
#include "models/model_set.hpp"

namespace winnow {

/// Loads the model directory, runs the whole cascade once so that every page and buffer was touched, and logs
/// what came of it. Nothing is logged about a failure: it is the caller's to tell.
result<model_set_ptr> load_and_warm(const settings& options);

} // namespace winnow
