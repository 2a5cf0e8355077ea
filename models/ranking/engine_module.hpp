#pragma once

#include "config/settings/settings.hpp"
#include "models/ranking/ranking_engine.hpp"

#include <filesystem>

namespace winnow {

/// Loads an engine from a module, which then stays loaded. Any thread; asking again costs little.
/// @return The engine, which lives as long as the process. `unavailable`: the module or a library that it
/// needs is not there, which names the file and the Debian package; `unsupported`: it is of another version
/// of Winnow.
result<const ranking_engine*> load_engine_module(const std::filesystem::path& module);

/// The engine of that kind; null for the native one.
result<const ranking_engine*> engine_of(ranker_engine kind);

} // namespace winnow
