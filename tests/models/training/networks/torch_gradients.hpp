#pragma once

#include "models/training/networks/din_network.hpp"
#include "models/training/networks/ranknet_network.hpp"

#include <vector>

/// The rankers' losses written literally in LibTorch, in double precision, with LibTorch's gradients: the
/// reference for the backward passes of the networks.
namespace winnow::test {

struct torch_loss {
  double value = 0;
  std::vector<std::vector<double>> gradients; ///< Gradient of each parameter, in the order of `parameters()`.
};

/// Softmax cross-entropy of each group's first candidate. @param fixed, scale The same as in the network.
torch_loss din_loss(const std::vector<parameter*>& parameters, const feature_table& fixed,
                    const column_scale& scale, gsl::span<const ranking_group> batch);

/// Mean of ln(1 + exp(s_other - s_first)) over the pairs of each group.
torch_loss ranknet_loss(const std::vector<parameter*>& parameters, const column_scale& user_scale,
                        const column_scale& feature_scale, gsl::span<const ranknet_group> batch);

} // namespace winnow::test
