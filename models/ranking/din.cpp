#include "models/ranking/din.hpp"

#include "models/kernels/attention_kernels.hpp"
#include "models/kernels/kernels.hpp"
#include "models/ranking/candidate_tiles.hpp"
#include "models/ranking/layer_loading.hpp"

#include <algorithm>

namespace winnow {

namespace {

using kernels::tile_width;

/// The attention channels in use; those with a positive weight come first.
struct attention_channels {
  std::vector<std::size_t> kept;
  std::size_t adding = 0;
};

/// Returns the channels that can matter. A channel adds nothing to any attention score if its weight is zero,
/// or if both its query and its key are.
attention_channels channels_that_matter(const linear_layer& query, const linear_layer& key,
                                        const linear_layer& value) {
  const auto is_zero = [](const linear_layer& layer, std::size_t row) {
    for (std::size_t c = 0; c < layer.columns; ++c)
      if (!is_negligible(layer.at(row, c)))
        return false;
    return is_negligible(layer.bias[row]);
  };
  attention_channels channels;
  auto& kept = channels.kept;
  for (std::size_t d = 0; d < query.rows; ++d)
    if (!is_negligible(value.at(0, d)) && !(is_zero(query, d) && is_zero(key, d)))
      kept.push_back(d);
  const auto taking =
      std::stable_partition(kept.begin(), kept.end(), [&](std::size_t d) { return value.at(0, d) > 0; });
  channels.adding = static_cast<std::size_t>(taking - kept.begin());
  return channels;
}

/// Multiplies each row by `sign` and the absolute value of its channel's weight.
linear_layer scaled_by(const linear_layer& value, const linear_layer& layer, double sign) {
  linear_layer scaled = layer;
  for (std::size_t d = 0; d < layer.rows; ++d) {
    const double factor = sign * std::abs(value.at(0, d));
    for (std::size_t c = 0; c < layer.columns; ++c)
      scaled.at(d, c) *= factor;
    scaled.bias[d] *= factor;
  }
  return scaled;
}

/// Converts the first layer, which takes [interest, candidate, mean], each D wide, to a layer that takes
/// [pooled features, candidate's features]. The part for the mean goes to `mean`, together with all biases,
/// because both are computed once per request.
linear_layer compose_first_layer(const linear_layer& first, const linear_layer& embedding,
                                 linear_layer& mean) {
  const std::size_t width = embedding.rows;
  const linear_layer interest = compose(first, 0, embedding);
  const linear_layer candidate = compose(first, width, embedding);
  mean = compose(first, 2 * width, embedding);
  linear_layer both{first.rows, 2 * embedding.columns, {}, std::vector<double>(first.rows, 0.0)};
  for (std::size_t r = 0; r < first.rows; ++r) {
    for (std::size_t c = 0; c < embedding.columns; ++c)
      both.weight.push_back(interest.at(r, c));
    for (std::size_t c = 0; c < embedding.columns; ++c)
      both.weight.push_back(candidate.at(r, c));
    // Attention weights sum to one, so the embedding's bias passes through the pooling unchanged.
    mean.bias[r] += first.bias[r] + interest.bias[r] + candidate.bias[r];
  }
  return both;
}

/// Returns the items that attention uses: the most recent ones of the history, or one unknown item.
gsl::span<const std::uint32_t> attended(gsl::span<const std::uint32_t> history) {
  static constexpr std::uint32_t nothing[] = {unknown_item};
  if (history.empty())
    return nothing;
  return history.last(std::min(history.size(), din_model::history_limit));
}

} // namespace

result<din_model> din_model::from_checkpoint(const checkpoint& file) {
  if (auto known = refuse_unknown_tensors(file, {"item_embedding.weight", "item_embedding.bias",
                                                 "attention.w_query.weight", "attention.w_key.weight",
                                                 "attention.w_value.weight"});
      !known)
    return tl::unexpected(known.error());
  auto embedding = read_linear(file, "item_embedding", 0, 0);
  if (!embedding)
    return tl::unexpected(embedding.error());
  auto query = read_linear(file, "attention.w_query", 0, embedding->rows, false);
  if (!query)
    return tl::unexpected(query.error());
  auto key = read_linear(file, "attention.w_key", query->rows, embedding->rows, false);
  if (!key)
    return tl::unexpected(key.error());
  auto value = read_linear(file, "attention.w_value", 1, query->rows, false);
  if (!value)
    return tl::unexpected(value.error());
  auto layers = read_mlp(file, 3 * embedding->rows);
  if (!layers)
    return tl::unexpected(layers.error());

  din_model model;
  model.feature_width_ = embedding->columns;

  const linear_layer on_query = compose(*query, 0, *embedding);
  const linear_layer on_key = compose(*key, 0, *embedding);
  const auto channels = channels_that_matter(on_query, on_key, *value);
  model.channels_ = channels.kept.size();
  model.adding_channels_ = channels.adding;
  narrow_rows(scaled_by(*value, on_query, 1), channels.kept, model.query_weight_, model.query_bias_);
  narrow_rows(scaled_by(*value, on_key, -1), channels.kept, model.key_weight_, model.key_bias_);
  narrow_rows(compose(*value, 0, on_key), {0}, model.key_sum_weight_, model.key_sum_bias_);

  linear_layer mean;
  layers->front() = compose_first_layer(layers->front(), *embedding, mean);
  model.mlp_ = mlp(std::move(*layers));
  model.on_mean_ = vector_layer(mean, model.mlp_.first_kept());
  return model;
}

void din_model::prepare_history(const feature_rows& features, gsl::span<const std::uint32_t> history,
                                scratch& work) const {
  const std::size_t width = feature_width_;
  const std::size_t length = history.size();
  work.history_features.resize(kernels::tiles(length) * tile_width * width);
  work.key.resize(kernels::tiles(length) * tile_width * channels());
  work.key_sum.resize(kernels::tiles(length) * tile_width);
  work.mean.resize(width);
  sum_features(features, history, work.mean.data());
  for (std::size_t first = 0; first < length; first += tile_width) {
    const std::size_t count = std::min(tile_width, length - first);
    float* tile = work.history_features.data() + first * width;
    gather_features(features, history.subspan(first, count), tile);
    const auto columns = kernels::column_range::first_of(count);
    kernels::multiply_tile(key_weight_.data(), channels(), width, key_bias_.data(), kernels::activation::none,
                           tile, work.key.data() + first * channels(), columns);
    kernels::multiply_tile(key_sum_weight_.data(), 1, width, key_sum_bias_.data(), kernels::activation::none,
                           tile, work.key_sum.data() + first, columns);
  }
  const float share = 1.0f / static_cast<float>(length);
  for (auto& value : work.mean)
    value *= share;
  on_mean_.run(work.mean, work.first_bias);
}

std::size_t din_model::operations(std::size_t candidates, std::size_t history) const noexcept {
  const std::size_t once = history * (channels() + 1) * feature_width_ + mlp_.first_rows() * feature_width_;
  const std::size_t attention = history * (2 * channels() + feature_width_);
  return once + candidates * (channels() * feature_width_ + attention + mlp_.operations());
}

void din_model::prepare_candidates(const feature_rows& features, gsl::span<const std::uint32_t> candidates,
                                   scratch& work) const {
  const std::size_t width = feature_width_;
  work.input.resize(2 * width * tile_width);
  work.query.resize(channels() * tile_width);
  float* candidate = work.input.data() + width * tile_width;
  gather_features(features, candidates, candidate);
  kernels::multiply_tile(query_weight_.data(), channels(), width, query_bias_.data(),
                         kernels::activation::none, candidate, work.query.data(),
                         kernels::column_range::first_of(candidates.size()));
}

void din_model::weigh_history(std::size_t length, kernels::column_range columns, scratch& work) const {
  work.attention.resize(history_limit * tile_width);
  kernels::attention_tile(work.query.data(), work.key.data(), work.key_sum.data(),
                          {adding_channels_, channels_}, length, work.attention.data(), columns);
  kernels::softmax_columns(work.attention.data(), length, columns);
}

void din_model::attend(const feature_rows& features, gsl::span<const std::uint32_t> candidates,
                       gsl::span<const std::uint32_t> history, scratch& work,
                       gsl::span<float> weights) const {
  if (history.empty())
    return;
  history = attended(history);
  prepare_history(features, history, work);
  for (std::size_t first = 0; first < candidates.size(); first += tile_width) {
    const std::size_t count = std::min(tile_width, candidates.size() - first);
    prepare_candidates(features, candidates.subspan(first, count), work);
    weigh_history(history.size(), kernels::column_range::first_of(count), work);
    for (std::size_t c = 0; c < count; ++c)
      for (std::size_t h = 0; h < history.size(); ++h)
        weights[(first + c) * history.size() + h] = work.attention[h * tile_width + c];
  }
}

void din_model::score(const feature_rows& features, gsl::span<const ranking_query> batch,
                      scratch& work) const {
  work.layers.resize(mlp_.scratch_size());
  in_candidate_tiles(batch, [&](const candidate_tile& tile) {
    prepare_candidates(features, {tile.items, tile.count}, work);
    for (const auto& run : tile.runs()) {
      const auto history = attended(batch[run.query].history);
      if (run.first == 0)
        prepare_history(features, history, work);
      weigh_history(history.size(), run.columns, work);
      kernels::pool_tile(work.history_features.data(), work.attention.data(), feature_width_, history.size(),
                         work.input.data(), run.columns);
      mlp_.begin(work.input.data(), run.columns, work.first_bias.data(), work.layers.data());
    }
    write_scores(tile, mlp_.finish(tile.count, work.layers.data()), batch);
  });
}

} // namespace winnow
