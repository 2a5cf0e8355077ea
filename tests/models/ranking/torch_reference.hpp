#pragma once

#include "models/ranking/ranking_engine.hpp"

/// The rankers as `winnowd --engine torch` computes them, out of the very module that it loads: what the fast
/// forms are held to. A test ends where the module cannot be loaded.
namespace winnow::test {

std::shared_ptr<const engine_din> reference_din(const checkpoint& file);
std::shared_ptr<const engine_ranker> reference_ranknet(const checkpoint& file);

} // namespace winnow::test
