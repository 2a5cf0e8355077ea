#pragma once

#include "models/checkpoint.hpp"

#include <cstdint>
#include <vector>

/// DIN and RankNet written down literally in LibTorch, in double precision: what the fast forms are held to.
namespace winnow::test {

/// A row of features an item.
using feature_rows = std::vector<std::vector<float>>;

/// Logits of the candidates. @param history The rows that attention sees: at most 50, at least one.
std::vector<double> din_logits(const checkpoint& model, const feature_rows& candidates,
                               const feature_rows& history);

/// What DIN's attention weighs the history with: one row a candidate. @param history The same.
std::vector<double> din_attention(const checkpoint& model, const feature_rows& candidates,
                                  const feature_rows& history);

/// @param user The mean feature row, not yet padded to the model's user width.
std::vector<double> ranknet_scores(const checkpoint& model, const feature_rows& candidates,
                                   const std::vector<float>& user);

} // namespace winnow::test
