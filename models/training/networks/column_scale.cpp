#include "models/training/networks/column_scale.hpp"

#include <cmath>

namespace winnow {

namespace {

struct moments {
  double sum = 0, squares = 0;
  std::size_t count = 0;

  void add(double value) {
    sum += value;
    squares += value * value;
    ++count;
  }
  double mean() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
  double root_mean_square() const { return count == 0 ? 0 : std::sqrt(squares / static_cast<double>(count)); }
  double deviation() const {
    return std::sqrt(std::max(0.0, root_mean_square() * root_mean_square() - mean() * mean()));
  }
};

/// A column that is the same everywhere tells nothing, and is left as it is.
float usable(double deviation) {
  return deviation > 1e-6 ? static_cast<float>(deviation) : 1.0f;
}

} // namespace

void column_scale::append(float column_mean, float column_deviation) {
  mean.push_back(column_mean);
  deviation.push_back(usable(column_deviation));
}

column_scale scale_of_columns(const feature_table& features, std::size_t embedding_columns) {
  std::vector<moments> columns(features.width);
  moments embeddings;
  for (std::size_t at = 0; at < features.values.size(); ++at) {
    const auto column = at % features.width;
    (column < embedding_columns ? embeddings : columns[column]).add(features.values[at]);
  }
  column_scale scale;
  for (std::size_t k = 0; k < features.width; ++k)
    if (k < embedding_columns)
      scale.append(0, usable(embeddings.root_mean_square()));
    else
      scale.append(static_cast<float>(columns[k].mean()), usable(columns[k].deviation()));
  return scale;
}

void take_in_scale(const column_scale& scale, parameter& weight, parameter& bias) {
  for (std::size_t row = 0; row < weight.rows; ++row)
    for (std::size_t k = 0; k < scale.width(); ++k) {
      auto& value = weight.row(row)[k];
      value /= scale.deviation[k];
      bias.value[row] -= value * scale.mean[k];
    }
}

} // namespace winnow
