#pragma once

#include "models/model_set.hpp"

#include <cstddef>

namespace winnow::bench {

/// The peak rates of one core of this machine. Each is the best of several short tries, because disturbances
/// only ever make a try slower.
struct core_limits {
  double float_rate = 0; ///< Float multiply-adds per second, in registers.
  double byte_rate = 0;  ///< Byte multiply-adds per second, in registers.
};

core_limits measure_core();

/// The mean of the same rates over any number of tries. Interleave the tries with the work that the mean is
/// compared with, so that disturbances affect both.
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

/// Returns the bytes per second that `cores` threads together read from a table far larger than the caches.
double read_rate(std::size_t cores);

/// Returns the multiply-adds per second of the rankers' matrix product on a well-suited shape.
double matrix_rate();

/// The least that a stage costs for a single request.
struct stage_cost {
  double operations = 0; ///< Multiply-adds, without the padding of tiles.
  double bytes = 0;      ///< Tables, features and weights read, each once; without biases.
};

struct cascade_cost {
  stage_cost exact_recall; ///< In floats, if all items are scored in full.
  stage_cost screen;       ///< In bytes; without the float scores of the items that pass.
  stage_cost din;          ///< In floats; each addition or maximum of attention counts as one.
  stage_cost ranknet;      ///< In floats.
};

/// @param history The length of the user's history in items.
cascade_cost cost_of(const model_set& models, std::size_t history);

} // namespace winnow::bench
