#pragma once

#include "actors/registry/model_registry.hpp"
#include "models/gate/recent_profiles.hpp"
#include "tools/winnowd/model_loader.hpp"

#include <memory>

namespace winnow {

/// Makes the registry of the models, which works on the loader's thread.
/// @param loader Must outlive the registry's work, see `model_loader::give_up`.
/// @param recent What versions are compared with.
std::shared_ptr<model_registry> make_registry(const settings& options, model_set_ptr first,
                                              model_loader& loader,
                                              const std::shared_ptr<const recent_profiles>& recent);

} // namespace winnow
