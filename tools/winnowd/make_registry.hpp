#pragma once

#include "actors/registry/model_registry.hpp"
#include "actors/status/rules_board.hpp"
#include "models/availability/item_desk.hpp"
#include "models/gate/recent_profiles.hpp"
#include "tools/winnowd/model_loader.hpp"

#include <memory>

namespace winnow {

/// Makes the registry of the models, which works on the loader's thread.
/// @param loader Must outlive the registry's work, see `model_loader::give_up`.
/// @param recent What versions are compared with. @param rules A version that no rules of the shop fit does
/// not come into force; null without a file of rules. @param desk Knows the items' attributes.
std::shared_ptr<model_registry> make_registry(const settings& options, model_set_ptr first,
                                              model_loader& loader,
                                              const std::shared_ptr<const recent_profiles>& recent,
                                              const rules_board_ptr& rules,
                                              const std::shared_ptr<const item_desk>& desk);

} // namespace winnow
