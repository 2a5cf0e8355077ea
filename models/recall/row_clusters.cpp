#include "models/recall/row_clusters.hpp"

#include "models/kernels/aligned.hpp"
#include "models/kernels/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace winnow {

namespace {

using kernels::tile_width;

constexpr std::size_t rows_per_cluster = 64; // in the sample; more rows hardly improve the centres
constexpr std::size_t rounds = 8;

/// The centres, and the offsets for finding the centre nearest to a row: |x - c|² is least for the centre
/// with the greatest x·c - |c|²/2.
struct cluster_centres {
  std::size_t width;
  std::vector<float> rows;
  std::vector<float> offsets; // -|c|²/2

  std::size_t count() const { return offsets.size(); }

  void settle() {
    for (std::size_t c = 0; c < count(); ++c) {
      double squares = 0;
      for (std::size_t k = 0; k < width; ++k)
        squares += static_cast<double>(rows[c * width + k]) * rows[c * width + k];
      offsets[c] = static_cast<float>(-squares / 2);
    }
  }
};

/// Finds the centre nearest to each row, 32 rows at a time.
class nearest_centres {
public:
  explicit nearest_centres(const cluster_centres& centres)
      : centres_(centres), tile_(centres.width * tile_width), products_(centres.count() * tile_width) {}

  /// @param nearest As long as `rows`, at most 32.
  void find(const feature_table& table, gsl::span<const std::uint32_t> rows, std::uint32_t* nearest) {
    gather_features(table, rows, tile_.data());
    kernels::multiply_tile(centres_.rows.data(), centres_.count(), centres_.width, centres_.offsets.data(),
                           kernels::activation::none, tile_.data(), products_.data());
    float best[tile_width];
    std::uint32_t where[tile_width] = {};
    std::fill_n(best, tile_width, -std::numeric_limits<float>::infinity());
    for (std::size_t c = 0; c < centres_.count(); ++c)
      for (std::size_t lane = 0; lane < tile_width; ++lane) {
        const float product = products_[c * tile_width + lane];
        where[lane] = product > best[lane] ? static_cast<std::uint32_t>(c) : where[lane];
        best[lane] = product > best[lane] ? product : best[lane];
      }
    std::copy_n(where, rows.size(), nearest);
  }

private:
  const cluster_centres& centres_;
  aligned_floats tile_, products_;
};

/// Finds the cluster of each of the rows. Returns false if stopped.
bool assign(const feature_table& table, gsl::span<const std::uint32_t> rows, const cluster_centres& centres,
            const std::atomic<bool>& stop, std::vector<std::uint32_t>& nearest) {
  nearest_centres find(centres);
  nearest.resize(rows.size());
  for (std::size_t first = 0; first < rows.size(); first += tile_width) {
    if (stop)
      return false;
    find.find(table, rows.subspan(first, std::min(tile_width, rows.size() - first)), nearest.data() + first);
  }
  return true;
}

/// Returns evenly spaced rows, so that each part of the table is represented.
std::vector<std::uint32_t> spread(std::size_t rows, std::size_t wanted) {
  const std::size_t count = std::min(rows, wanted);
  std::vector<std::uint32_t> chosen(count);
  for (std::size_t i = 0; i < count; ++i)
    chosen[i] = static_cast<std::uint32_t>(i * rows / count);
  return chosen;
}

/// Moves each centre to the mean of its rows. A centre without rows moves to just beside the centre of the
/// largest cluster, to take over half of its rows.
void move_centres(const feature_table& table, gsl::span<const std::uint32_t> rows,
                  const std::vector<std::uint32_t>& nearest, cluster_centres& centres) {
  const std::size_t width = centres.width;
  std::vector<double> sums(centres.rows.size());
  std::vector<std::size_t> sizes(centres.count());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ++sizes[nearest[i]];
    const float* const row = table.row(rows[i]);
    for (std::size_t k = 0; k < width; ++k)
      sums[nearest[i] * width + k] += row[k];
  }
  for (std::size_t c = 0; c < centres.count(); ++c)
    for (std::size_t k = 0; k < width && sizes[c] > 0; ++k)
      centres.rows[c * width + k] = static_cast<float>(sums[c * width + k] / static_cast<double>(sizes[c]));
  for (std::size_t c = 0; c < centres.count(); ++c) {
    if (sizes[c] > 0)
      continue;
    const auto largest =
        static_cast<std::size_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
    for (std::size_t k = 0; k < width; ++k)
      centres.rows[c * width + k] = centres.rows[largest * width + k] * (k % 2 == 0 ? 1.001f : 0.999f);
    sizes[c] = sizes[largest] / 2;
    sizes[largest] -= sizes[c];
  }
}

} // namespace

std::size_t cluster_count_for(std::size_t rows) noexcept {
  constexpr double least = 1, most = 4096;
  return static_cast<std::size_t>(std::clamp(std::round(std::sqrt(static_cast<double>(rows))), least, most));
}

std::optional<row_clusters> cluster_rows(const feature_table& rows, std::size_t clusters,
                                         const std::atomic<bool>& stop) {
  const std::size_t count = rows.width == 0 ? 0 : rows.values.size() / rows.width;
  const auto sample = spread(count, clusters * rows_per_cluster);
  cluster_centres centres{rows.width, {}, std::vector<float>(std::min(clusters, sample.size()))};
  for (const auto row : spread(sample.size(), clusters))
    centres.rows.insert(centres.rows.end(), rows.row(sample[row]), rows.row(sample[row]) + rows.width);
  centres.settle();
  row_clusters made{centres.count(), {}};
  for (std::size_t round = 0; round < rounds; ++round) {
    if (!assign(rows, sample, centres, stop, made.of_row))
      return std::nullopt;
    move_centres(rows, sample, made.of_row, centres);
    centres.settle();
  }
  if (!assign(rows, spread(count, count), centres, stop, made.of_row))
    return std::nullopt;
  return made;
}

} // namespace winnow
