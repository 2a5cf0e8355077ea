#pragma once

#include "config/error.hpp"
#include "models/learning/live_learner.hpp"

#include <filesystem>

namespace winnow {

/// Writes everything that a learner knows, so that another one can continue. The file is replaced at once;
/// readers see the old or the new one. Blocking.
result<void> write_state(const std::filesystem::path& path, const live_learner& learner);

/// Continues what `write_state` wrote.
/// @param learner Has learned nothing yet. Unchanged if an error is returned.
/// @return `not_found` if there is no file; `conflict` if it was learned on top of another version of the
///   models; `malformed` if it is damaged. Blocking.
result<void> read_state(const std::filesystem::path& path, live_learner& learner);

} // namespace winnow
