#pragma once

#include "models/model_set.hpp"

#include <cstddef>

namespace winnow::bench {

/// What a core of this machine can do at most, each the best of several short tries: what disturbs makes
/// things slower, never faster.
struct core_limits {
  double float_rate = 0; ///< Multiply-adds of floats a second, in registers.
  double byte_rate = 0;  ///< Multiply-adds of bytes a second, in registers.
};

core_limits measure_core();

/// Bytes a second that `cores` threads read together from a table far larger than the caches.
double read_rate(std::size_t cores);

/// Multiply-adds a second of the rankers' matrix product, on a shape that suits it.
double matrix_rate();

/// What one request asks of the processor at least: multiply-adds, without what fills up tiles.
struct cascade_cost {
  double recall_bytes = 0;  ///< Of bytes, for the screen.
  double recall_floats = 0; ///< Of floats, if every item were scored in full.
  double din = 0;           ///< Of floats; attention's additions and maxima count as one each.
  double ranknet = 0;
};

/// @param history Items of the user's history.
cascade_cost cost_of(const model_set& models, std::size_t history);

} // namespace winnow::bench
