#include "models/training/lightgcn_options.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

constexpr std::size_t narrow = 64, wide = 128, wide_from = 500'000;
constexpr double l2_of_full_matrix = 0.0014;
constexpr double softmax_rate = 1e-2, rate_for_many = 3e-3, bpr_rate = 1e-3;
constexpr std::size_t least_batch = 2048, batches_an_epoch = 64, batches_for_many = 24;

} // namespace

lightgcn_options with_defaults(lightgcn_options options, const item_lists& train, std::size_t items) {
  const bool is_bpr = options.loss == pair_loss::bpr;
  // Embeddings that were trained before have their own, slower course.
  const bool has_many = !options.start && train.size() >= lightgcn_options::many_interactions;
  if (!options.batch) {
    const auto batches = has_many ? batches_for_many : batches_an_epoch;
    options.batch = least_batch;
    while (!is_bpr && *options.batch * batches < train.size())
      *options.batch *= 2;
  }
  if (options.start)
    options.width = options.start->width();
  if (!options.width)
    options.width = is_bpr || train.size() < wide_from ? narrow : wide;
  if (!options.learning_rate)
    options.learning_rate = is_bpr ? bpr_rate : has_many ? rate_for_many : softmax_rate;
  if (!options.l2) {
    const double pairs = static_cast<double>(train.users()) * static_cast<double>(items);
    const double share = static_cast<double>(std::max<std::size_t>(1, train.size())) / std::max(1.0, pairs);
    options.l2 = is_bpr ? 1e-4 : l2_of_full_matrix / std::sqrt(share);
  }
  if (!options.short_rows)
    options.short_rows = !is_bpr && train.size() >= wide_from;
  return options;
}

} // namespace winnow
