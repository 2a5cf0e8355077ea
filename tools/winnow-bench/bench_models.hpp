#pragma once

#include "models/cascade.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <vector>

namespace winnow::bench {

/// The deployment's models, loaded into this process, and its users as the models see them.
struct bench_models {
  model_set_ptr models;
  std::vector<user_context> users;

  double mean_history() const; ///< Items, at most as many as DIN looks at.
};

/// @param users At most so many.
result<bench_models> load_bench_models(const deployment& data, std::size_t users);

} // namespace winnow::bench
