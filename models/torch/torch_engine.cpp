#include "models/torch/blas.hpp"
#include "models/torch/torch_rankers.hpp"

#include <ATen/Parallel.h>
#include <exception>
#include <torch/version.h>

namespace winnow {

namespace {

/// Calls `make` and turns exceptions of LibTorch into errors.
template<class Made>
result<std::shared_ptr<const Made>> made_by(std::shared_ptr<const Made> (*make)(const checkpoint&),
                                            const checkpoint& file) {
  try {
    return make(file);
  } catch (const std::exception& thrown) {
    return fail(fault::internal, file.file() + ": LibTorch: " + thrown.what());
  }
}

class torch_engine final : public ranking_engine {
public:
  torch_engine() {
    keep_blas_to_one_thread();
    at::set_num_interop_threads(1);
  }

  std::string computes_with() const override { return "LibTorch " TORCH_VERSION " on " + blas_in_use(); }

  result<std::shared_ptr<const engine_din>> din(const checkpoint& file) const override {
    return made_by(make_torch_din, file);
  }

  result<std::shared_ptr<const engine_ranker>> ranknet(const checkpoint& file) const override {
    return made_by(make_torch_ranknet, file);
  }
};

} // namespace

} // namespace winnow

#pragma GCC visibility push(default)

extern "C" const char winnow_engine_version[] = WINNOW_VERSION;

extern "C" const winnow::ranking_engine* winnow_engine() {
  static const winnow::torch_engine engine;
  return &engine;
}

#pragma GCC visibility pop
