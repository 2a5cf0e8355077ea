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

/// The same on average over as many tries as it is asked for: for what is itself an average of many, taken in
/// turn with these. What disturbs the one then disturbs the other.
class average_limits {
public:
  void measure();
  core_limits so_far() const noexcept;

private:
  struct work {
    double done = 0, seconds = 0;
  };
  work floats_, bytes_;
};

/// Bytes a second that `cores` threads read together from a table far larger than the caches.
double read_rate(std::size_t cores);

/// Multiply-adds a second of the rankers' matrix product, on a shape that suits it.
double matrix_rate();

/// What a stage takes at least for a request that comes alone.
struct stage_cost {
  double operations = 0; ///< Multiply-adds, without what fills up tiles.
  double bytes = 0;      ///< Read: tables, features and weights, each once; biases are not counted.
};

struct cascade_cost {
  stage_cost exact_recall; ///< In floats, if every item were scored in full.
  stage_cost screen;       ///< In bytes; what it leaves is scored in floats, which is not counted.
  stage_cost din;          ///< In floats; attention's additions and maxima count as one each.
  stage_cost ranknet;      ///< In floats.
};

/// @param history Items of the user's history.
cascade_cost cost_of(const model_set& models, std::size_t history);

} // namespace winnow::bench
