#include "models/training/networks/matrix_product.hpp"

#include <cblas.h>

namespace winnow {

void multiply(thread_team& team, std::size_t rows, std::size_t columns, std::size_t depth, matrix_view a,
              matrix_view b, float keep, float* out, std::size_t out_stride) {
  // The team divides the work; more threads inside BLAS would only compete with it.
  static const bool single = [] { return openblas_set_num_threads(1), true; }();
  (void)single;
  constexpr std::size_t grain = 96;
  const auto kind = [](matrix_view of) { return of.transposed ? CblasTrans : CblasNoTrans; };
  const auto size = [](std::size_t of) { return static_cast<blasint>(of); };
  team.run_ranges(rows, grain, [&](std::size_t first, std::size_t last) {
    cblas_sgemm(CblasRowMajor, kind(a), kind(b), size(last - first), size(columns), size(depth), 1,
                a.values + first * (a.transposed ? 1 : a.stride), size(a.stride), b.values, size(b.stride),
                keep, out + first * out_stride, size(out_stride));
  });
}

} // namespace winnow
