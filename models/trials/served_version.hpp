#pragma once

#include "models/trials/model_trials.hpp"

#include <string>

namespace winnow {

/// Names what is served to users, to compare daemons: the version in force, and during an experiment the
/// division of the users, too.
std::string version_served(const std::string& in_force, const model_trials_ptr& trials);

} // namespace winnow
