#pragma once

#include "config/error.hpp"
#include "models/model_files.hpp"
#include "models/model_set.hpp"

namespace winnow {

/// Loads DIN and RankNet, and makes them in the engine that is to score. Blocking.
/// @return An error that names the file, and the tensor if one does not fit.
result<void> load_rankers(const model_paths& paths, missing_rankers missing, ranker_engine kind,
                          model_set& models);

/// Whether the loaded rankers take in as many columns as the loaded features have.
/// @return `malformed` if one does not; names its file and tensor.
result<void> check_widths(const model_set& models, const model_paths& paths);

} // namespace winnow
