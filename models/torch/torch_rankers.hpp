#pragma once

#include "models/ranking/ranking_engine.hpp"

namespace winnow {

/// DIN and RankNet written literally in LibTorch, layer by layer, in double precision, without fused or
/// omitted layers: the reference for the fast implementations. For the networks and their sources see
/// `din_model` and `ranknet_model`. Throw the exceptions of LibTorch.
std::shared_ptr<const engine_din> make_torch_din(const checkpoint& file);
std::shared_ptr<const engine_ranker> make_torch_ranknet(const checkpoint& file);

} // namespace winnow
