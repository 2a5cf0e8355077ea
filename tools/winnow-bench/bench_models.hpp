#pragma once

#include "models/cascade.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <vector>

namespace winnow::bench {

/// The deployment's models, loaded into this process, and its users, resolved against the models.
struct bench_models {
  model_set_ptr models;
  std::vector<user_context> users;

  /// The mean length of the users' histories in items, each capped at what DIN reads.
  double mean_history() const;
};

/// @param users The greatest number of users to load.
result<bench_models> load_bench_models(const deployment& data, std::size_t users);

} // namespace winnow::bench
