#pragma once

#include "models/training/networks/din_network.hpp"
#include "models/training/networks/ranknet_network.hpp"

#include <vector>

/// The losses of the rankers written down literally in LibTorch, in double precision, with its gradients:
/// what the networks' own way back is held to.
namespace winnow::test {

struct torch_loss {
  double value = 0;
  std::vector<std::vector<double>> gradients; ///< Of each parameter, in the order of `parameters()`.
};

/// Softmax cross-entropy of each group's first candidate. @param fixed, scale As the network has them.
torch_loss din_loss(const std::vector<parameter*>& parameters, const feature_table& fixed,
                    const column_scale& scale, gsl::span<const ranking_group> batch);

/// Mean of ln(1 + exp(s_other - s_first)) over the pairs of each group.
torch_loss ranknet_loss(const std::vector<parameter*>& parameters, const column_scale& user_scale,
                        const column_scale& feature_scale, gsl::span<const ranknet_group> batch);

} // namespace winnow::test
