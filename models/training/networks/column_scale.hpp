#pragma once

#include "models/catalogue/feature_table.hpp"
#include "models/training/networks/parameter.hpp"

#include <vector>

namespace winnow {

/// How feature columns are brought to unit scale before a network learns from them.
struct column_scale {
  std::vector<float> mean;
  std::vector<float> deviation; ///< Never 0.

  std::size_t width() const noexcept { return mean.size(); }
  float standard(std::size_t column, float value) const { return (value - mean[column]) / deviation[column]; }

  void append(float column_mean, float column_deviation);
};

/// Each column's own mean and deviation; but the first `embedding_columns` keep their zero and share one
/// scale, because the directions of an embedding mean nothing by themselves.
column_scale scale_of_columns(const feature_table& features, std::size_t embedding_columns);

/// Turns a layer on standardised columns (its first `scale.width()`) into the same layer on columns as they
/// come.
void take_in_scale(const column_scale& scale, parameter& weight, parameter& bias);

} // namespace winnow
