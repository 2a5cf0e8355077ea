#pragma once

#include "models/ranking/ranking_engine.hpp"

namespace winnow {

/// DIN and RankNet written down literally in LibTorch, layer by layer and in double precision, nothing
/// composed, nothing left out: what the fast forms are held to. Forms and sources: `din_model`,
/// `ranknet_model`. They throw what LibTorch throws.
std::shared_ptr<const engine_din> make_torch_din(const checkpoint& file);
std::shared_ptr<const engine_ranker> make_torch_ranknet(const checkpoint& file);

} // namespace winnow
