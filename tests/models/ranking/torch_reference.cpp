#include "tests/models/ranking/torch_reference.hpp"

#include "models/ranking/engine_module.hpp"
#include "tests/models/fixtures.hpp"

namespace winnow::test {

std::shared_ptr<const engine_din> reference_din(const checkpoint& file) {
  return need(need(engine_of(ranker_engine::torch))->din(file));
}

std::shared_ptr<const engine_ranker> reference_ranknet(const checkpoint& file) {
  return need(need(engine_of(ranker_engine::torch))->ranknet(file));
}

} // namespace winnow::test
