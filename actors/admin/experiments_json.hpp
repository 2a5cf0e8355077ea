#pragma once

#include <string>

namespace winnow {

class taken_watch;

/// What users took after the lists of each version: GET /experiments.
std::string experiments_json(const taken_watch& watch);

} // namespace winnow
