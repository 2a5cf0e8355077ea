#pragma once

#include "config/error.hpp"
#include "tools/winnow-train/training_run.hpp"

namespace winnow {

struct stage_context;

/// The stages of a training run, in their order. Each writes its files to the draft and adds itself to the
/// description. @return `interrupted` if the observer ended it; an error that names the file or the option.

/// LightGCN, how popular the items are, and the transitions between them.
result<run_end> train_lightgcn(stage_context& run);

/// DIN with its item columns, and the weight of the transitions in its candidates.
result<run_end> train_din(stage_context& run);

result<run_end> train_ranknet(stage_context& run);

} // namespace winnow
