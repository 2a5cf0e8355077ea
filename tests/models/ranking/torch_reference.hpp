#pragma once

#include "models/ranking/ranking_engine.hpp"

/// The rankers of `winnowd --engine torch`, from the same module. They are the reference for the native
/// rankers. Fails the test if the module cannot be loaded.
namespace winnow::test {

std::shared_ptr<const engine_din> reference_din(const checkpoint& file);
std::shared_ptr<const engine_ranker> reference_ranknet(const checkpoint& file);

} // namespace winnow::test
