#pragma once

#include "actors/registry/model_registry.hpp"
#include "tools/winnowd/model_loader.hpp"

#include <memory>
#include <optional>
#include <vector>

/// What is loaded before the daemon serves. All of it ends early if a signal tells the process to stop.
namespace winnow {

/// The name of SIGTERM or SIGINT.
const char* signal_name(int signal);

/// Loads the first models; nullopt if the process is told to stop before they are loaded.
std::optional<result<model_set_ptr>> first_models(model_loader& loader);

/// Goes on with an experiment, before lists are computed. @return False if the process is told to stop.
bool restore_trials(model_loader& loader, const std::shared_ptr<model_registry>& registry);

/// The models in force, and those that are served beside them. @param trials Null: there are none.
std::vector<model_set_ptr> with_others(const model_set_ptr& models, const model_trials_ptr& trials);

} // namespace winnow
