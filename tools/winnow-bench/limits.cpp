#include "tools/winnow-bench/limits.hpp"

#include "models/kernels/kernels.hpp"
#include "tools/winnow-bench/limit_kernels.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

namespace winnow::bench {

namespace {

double thread_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Runs `work`, which returns the amount done, several times. Returns the best rate per processor second.
template<class Work>
double best_rate(const Work& work) {
  constexpr int tries = 40;
  double best = 0;
  for (int i = 0; i < tries; ++i) {
    const double begin = thread_seconds();
    const auto done = static_cast<double>(work());
    best = std::max(best, done / (thread_seconds() - begin));
  }
  return best;
}

constexpr std::uint64_t rounds = 50'000; // per call of a register kernel; takes less than a millisecond

stage_cost in_floats(std::size_t operations, std::size_t floats_read) {
  return {static_cast<double>(operations), static_cast<double>(floats_read * sizeof(float))};
}

stage_cost cost_of(const din_model& din, std::size_t candidates, std::size_t history) {
  // One candidate without a history uses each weight once, except those of the keys.
  const std::size_t weights = din.operations(1, 0) + (din.channels() + 1) * din.feature_width();
  const std::size_t features = (candidates + history) * din.feature_width();
  return in_floats(din.operations(candidates, history), weights + features);
}

/// @param history Floats of the history's features.
stage_cost cost_of(const ranknet_model& ranknet, std::size_t candidates, std::size_t history) {
  const std::size_t weights = ranknet.operations(1); // each weight once
  return in_floats(ranknet.operations(candidates), weights + candidates * ranknet.feature_width() + history);
}

} // namespace

core_limits measure_core() {
  return {best_rate([] { return limits::multiply_add_floats(rounds); }),
          best_rate([] { return limits::multiply_add_bytes(rounds); })};
}

void average_limits::measure() {
  const auto add = [](work& to, auto multiply_add) {
    const double begin = thread_seconds();
    to.done += static_cast<double>(multiply_add(rounds));
    to.seconds += thread_seconds() - begin;
  };
  add(floats_, limits::multiply_add_floats);
  add(bytes_, limits::multiply_add_bytes);
}

core_limits average_limits::so_far() const noexcept {
  return {floats_.done / floats_.seconds, bytes_.done / bytes_.seconds};
}

double read_rate(std::size_t cores) {
  constexpr std::size_t floats = std::size_t{64} << 20U; // 256 MB in all
  const std::vector<float> table(floats, 1.0f);
  const std::size_t share = floats / cores / 256 * 256;
  double best = 0;
  for (int i = 0; i < 7; ++i) {
    std::vector<float> sums(cores);
    const double begin = wall_seconds();
    std::vector<std::thread> readers;
    for (std::size_t core = 0; core < cores; ++core)
      readers.emplace_back(
          [&, core] { sums[core] = limits::read_floats(table.data() + core * share, share); });
    for (auto& reader : readers)
      reader.join();
    const double seconds = wall_seconds() - begin;
    if (sums[0] > 0)
      best = std::max(best, static_cast<double>(share * cores * sizeof(float)) / seconds);
  }
  return best;
}

double matrix_rate() {
  constexpr std::size_t rows = 96, depth = 128, times = 8;
  const aligned_floats weights(rows * depth, 0.5f), in(depth * kernels::tile_width, 0.25f);
  aligned_floats out(rows * kernels::tile_width);
  return best_rate([&] {
    for (std::size_t i = 0; i < times; ++i)
      kernels::multiply_tile(weights.data(), rows, depth, nullptr, kernels::activation::none, in.data(),
                             out.data());
    return times * rows * depth * kernels::tile_width;
  });
}

cascade_cost cost_of(const model_set& models, std::size_t history) {
  const auto table = models.item_embeddings.rows() * models.item_embeddings.width();
  cascade_cost cost;
  cost.exact_recall = in_floats(table, table);
  cost.screen = {static_cast<double>(table), static_cast<double>(table)};
  if (models.din)
    cost.din = cost_of(*models.din, models.widths.candidates, history);
  if (models.ranknet)
    cost.ranknet = cost_of(*models.ranknet, models.widths.din_keep, history * models.ranknet_features->width);
  return cost;
}

} // namespace winnow::bench
