#include "models/training/singular_vectors.hpp"

#include "models/training/networks/matrix_product.hpp"
#include "models/training/networks/sparse_kernels.hpp"
#include "models/training/support/random.hpp"

#include <algorithm>
#include <cblas.h>
#include <cmath>

// OpenBLAS has LAPACK, but Debian packages no header for it.
extern "C" void dsyevd_(const char* job, const char* triangle, const blasint* order, double* matrix,
                        const blasint* stride, double* values, double* work, const blasint* work_size,
                        blasint* whole_work, const blasint* whole_work_size, blasint* status);

namespace winnow {

namespace {

constexpr std::size_t iterations = 8;
constexpr std::size_t more_columns = 16; // beyond those wanted: they make the last ones converge
constexpr double negligible = 1e-10;     // of the largest eigenvalue

/// Nodes [first, last) of the graph: its users or its items.
struct side {
  std::size_t first, last;
};

struct eigenvectors {
  std::vector<double> values;  ///< Descending.
  std::vector<double> vectors; ///< By column: vector k is at k · order.
};

/// @param matrix Symmetric, `order` × `order`.
eigenvectors decompose(std::vector<double> matrix, std::size_t order) {
  const auto size = static_cast<blasint>(order);
  std::vector<double> values(order);
  const blasint most = 1 + 6 * size + 2 * size * size, most_whole = 3 + 5 * size;
  std::vector<double> work(static_cast<std::size_t>(most));
  std::vector<blasint> whole_work(static_cast<std::size_t>(most_whole));
  blasint status = 0;
  dsyevd_("V", "U", &size, matrix.data(), &size, values.data(), work.data(), &most, whole_work.data(),
          &most_whole, &status);
  if (status != 0) // only if numbers are not finite; no vector then
    return {std::vector<double>(order, 0), std::vector<double>(order * order, 0)};
  eigenvectors out;
  for (auto k = order; k-- > 0;) {
    out.values.push_back(values[k]);
    out.vectors.insert(out.vectors.end(), matrix.begin() + static_cast<std::ptrdiff_t>(k * order),
                       matrix.begin() + static_cast<std::ptrdiff_t>((k + 1) * order));
  }
  return out;
}

/// Iterates a block of columns between the users' and the items' rows of one table.
class subspace {
public:
  subspace(const interaction_graph& graph, std::size_t columns, thread_team& team)
      : graph_(graph), team_(team), rows_(graph.nodes(), columns), columns_(columns) {
    openblas_set_num_threads(1); // the team divides the work
  }

  side users() const { return {0, graph_.users}; }
  side items() const { return {graph_.users, graph_.nodes()}; }
  const embedding_rows& rows() const { return rows_; }

  void randomise(side of, std::uint64_t seed) {
    random_source random(seed);
    for (auto node = of.first; node < of.last; ++node)
      for (std::size_t k = 0; k < columns_; ++k)
        rows_.row(node)[k] = static_cast<float>(random.normal());
  }

  /// Computes the rows of one side as the matrix times those of the other.
  void multiply_into(side to) {
    constexpr std::size_t grain = 256;
    team_.run_ranges(to.last - to.first, grain, [&](std::size_t first, std::size_t last) {
      for (auto node = to.first + first; node < to.first + last; ++node)
        kernels::gather_row(graph_.row(node), rows_.values().data(), rows_.stride(), nullptr, nullptr, 1,
                            rows_.row(node));
    });
  }

  /// Makes the columns of a side orthogonal and of length 1; what depends on the others becomes 0.
  void orthonormalise(side of) {
    const auto found = decompose(inner_products(of), columns_);
    auto factors = factors_of(found, [&](double value) {
      return value > negligible * found.values.front() ? 1 / std::sqrt(value) : 0;
    });
    rotate(of, factors);
  }

  eigenvectors eigenvectors_of(side of) const { return decompose(inner_products(of), columns_); }

  /// The columns' inner products with each other, summed in an order that does not depend on the threads.
  std::vector<double> inner_products(side of) const {
    constexpr std::size_t parts = 64, block = 256;
    const auto size = columns_ * columns_;
    const auto rows = of.last - of.first;
    std::vector<double> sums(parts * size, 0);
    team_.run(parts, [&](std::size_t part) {
      std::vector<double> wide(block * columns_);
      const auto end = of.first + rows * (part + 1) / parts;
      for (auto node = of.first + rows * part / parts; node < end; node += block) {
        const auto count = std::min(block, end - node);
        for (std::size_t i = 0; i < count; ++i)
          std::copy_n(rows_.row(node + i), columns_,
                      wide.begin() + static_cast<std::ptrdiff_t>(i * columns_));
        cblas_dsyrk(CblasColMajor, CblasUpper, CblasNoTrans, static_cast<blasint>(columns_),
                    static_cast<blasint>(count), 1, wide.data(), static_cast<blasint>(columns_), 1,
                    sums.data() + part * size, static_cast<blasint>(columns_));
      }
    });
    std::vector<double> sum(size, 0);
    for (std::size_t part = 0; part < parts; ++part)
      for (std::size_t i = 0; i < size; ++i)
        sum[i] += sums[part * size + i];
    return sum;
  }

  /// The eigenvectors as columns, each times `scale` of its value, in the table's layout.
  template<class Scale>
  embedding_rows factors_of(const eigenvectors& found, Scale scale) const {
    embedding_rows factors(columns_, columns_);
    for (std::size_t k = 0; k < columns_; ++k)
      for (std::size_t row = 0; row < columns_; ++row)
        factors.row(row)[k] = static_cast<float>(scale(found.values[k]) * found.vectors[k * columns_ + row]);
    return factors;
  }

  void rotate(side of, const embedding_rows& factors) {
    const auto count = of.last - of.first;
    embedding_rows turned(count, columns_);
    if (count > 0)
      multiply(team_, count, columns_, columns_, {rows_.row(of.first), rows_.stride()},
               {factors.row(0), factors.stride()}, 0, turned.row(0), turned.stride());
    std::copy(turned.values().begin(), turned.values().end(), rows_.row(of.first));
  }

private:
  const interaction_graph& graph_;
  thread_team& team_;
  embedding_rows rows_;
  std::size_t columns_;
};

} // namespace

singular_vectors largest_singular_vectors(const interaction_graph& graph, std::size_t count,
                                          std::uint64_t seed, thread_team& team) {
  subspace block(graph, count + more_columns, team);
  block.randomise(block.items(), seed);
  for (std::size_t i = 0; i < iterations; ++i) {
    block.multiply_into(block.users());
    block.orthonormalise(block.users());
    block.multiply_into(block.items());
    block.orthonormalise(block.items());
  }
  // With orthonormal item columns X and R the matrix, the eigenvectors W of (R X)' (R X) turn X into the
  // right vectors, and R X into the left ones times the singular values.
  block.multiply_into(block.users());
  const auto found = block.eigenvectors_of(block.users());
  const auto least = negligible * found.values.front();
  block.rotate(block.items(), block.factors_of(found, [&](double value) { return value > least ? 1 : 0; }));
  block.rotate(block.users(), block.factors_of(found, [&](double value) {
    return value > least ? 1 / std::sqrt(value) : 0;
  }));
  singular_vectors out{{}, embedding_rows(graph.nodes(), count)};
  for (std::size_t k = 0; k < count; ++k)
    out.values.push_back(found.values[k] > least ? std::sqrt(found.values[k]) : 0);
  for (std::size_t node = 0; node < graph.nodes(); ++node)
    std::copy_n(block.rows().row(node), count, out.rows.row(node));
  return out;
}

} // namespace winnow
