#pragma once

#include "models/catalogue/feature_table.hpp"
#include "models/training/networks/parameter.hpp"

#include <vector>

namespace winnow {

/// Standardises feature columns before a network learns from them.
struct column_scale {
  std::vector<float> mean;
  std::vector<float> deviation; ///< Never 0.

  std::size_t width() const noexcept { return mean.size(); }
  float standard(std::size_t column, float value) const { return (value - mean[column]) / deviation[column]; }

  void append(float column_mean, float column_deviation);
};

/// Measures the mean and deviation of each column. The first `embedding_columns` are not shifted and share
/// one scale, because a single direction of an embedding has no meaning.
column_scale scale_of_columns(const feature_table& features, std::size_t embedding_columns);

/// Turns a layer whose first `scale.width()` inputs are standardised columns into the same layer on raw
/// columns.
void fold_in_scale(const column_scale& scale, parameter& weight, parameter& bias);

} // namespace winnow
