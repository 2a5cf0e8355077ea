#pragma once

#include "actors/registry/model_registry.hpp"

#include <string>

namespace winnow {

class taken_watch;

/// What users took after the lists of each version, and the experiment: GET /experiments.
std::string experiments_json(const taken_watch& watch, const model_registry::trials_state& trials);

} // namespace winnow
