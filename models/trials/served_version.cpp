#include "models/trials/served_version.hpp"

#include <cstdio>

namespace winnow {

std::string version_served(const std::string& in_force, const model_trials_ptr& trials) {
  if (!trials || !trials->running)
    return in_force;
  char division[20];
  std::snprintf(division, sizeof division, "+%08llx",
                static_cast<unsigned long long>(trials->division() & 0xFFFFFFFFU));
  return in_force + division;
}

} // namespace winnow
