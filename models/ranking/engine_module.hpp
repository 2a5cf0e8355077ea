#pragma once

#include "config/settings/settings.hpp"
#include "models/ranking/ranking_engine.hpp"

#include <filesystem>

namespace winnow {

/// Loads an engine from a module, which then stays loaded. Called on any thread; repeated calls are cheap.
/// @return The engine, which lives as long as the process. `unavailable` if the module or a library that it
/// needs is missing; the message names the file and the Debian package. `unsupported` if it is not a Winnow
/// engine or was built for another version of Winnow.
result<const ranking_engine*> load_engine_module(const std::filesystem::path& module);

/// Returns the engine of that kind; null for the native one.
result<const ranking_engine*> engine_of(ranker_engine kind);

} // namespace winnow
