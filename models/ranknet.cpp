#include "models/ranknet.hpp"

#include "models/kernels.hpp"

#include <algorithm>

namespace winnow {

using kernels::tile_width;

namespace {

/// Puts rows `first` to `first + count` of `extra`, each `width` long, into the columns of a tile; the others
/// become zeros.
void gather_extra(gsl::span<const float> extra, std::size_t first, std::size_t count, std::size_t width,
                  float* tile) {
  for (std::size_t k = 0; k < width; ++k)
    for (std::size_t column = 0; column < tile_width; ++column)
      tile[k * tile_width + column] = column < count ? extra[(first + column) * width + k] : 0.0f;
}

} // namespace

result<ranknet_model> ranknet_model::from_checkpoint(const checkpoint& file) {
  if (auto known = refuse_unknown_tensors(file, {"user_embedding.weight", "user_embedding.bias",
                                                 "item_embedding.weight", "item_embedding.bias"});
      !known)
    return tl::unexpected(known.error());
  auto user = read_linear(file, "user_embedding", 0, 0);
  if (!user)
    return tl::unexpected(user.error());
  auto item = read_linear(file, "item_embedding", 0, 0);
  if (!item)
    return tl::unexpected(item.error());
  auto layers = read_mlp(file, user->rows + item->rows);
  if (!layers)
    return tl::unexpected(layers.error());

  linear_layer& first = layers->front();
  linear_layer on_user = compose(first, 0, *user);
  linear_layer on_item = compose(first, user->rows, *item);
  for (std::size_t r = 0; r < first.rows; ++r)
    on_user.bias[r] += first.bias[r] + on_item.bias[r];
  first = std::move(on_item);

  ranknet_model model;
  model.mlp_ = mlp(std::move(*layers));
  model.on_user_ = vector_layer(on_user, model.mlp_.first_kept());
  return model;
}

void ranknet_model::prepare_user(const feature_table& features, gsl::span<const std::uint32_t> history,
                                 scratch& work) const {
  work.user.resize(features.width);
  const std::size_t known = sum_features(features, history, work.user.data());
  const float share = known == 0 ? 0.0f : 1.0f / static_cast<float>(known);
  for (auto& value : work.user)
    value *= share;
  on_user_.run(work.user, work.first_bias);
}

void ranknet_model::score_one(const feature_table& features, const ranking_query& query,
                              scratch& work) const {
  prepare_user(features, query.history, work);
  work.input.resize(feature_width() * tile_width);
  work.layers.resize(mlp_.scratch_size());
  for (std::size_t first = 0; first < query.candidates.size(); first += tile_width) {
    const std::size_t count = std::min(tile_width, query.candidates.size() - first);
    gather_features(features, query.candidates.subspan(first, count), work.input.data());
    gather_extra(query.extra, first, count, feature_width() - features.width,
                 work.input.data() + features.width * tile_width);
    alignas(64) float scores[tile_width];
    mlp_.run(work.input.data(), count, work.first_bias.data(), work.layers.data(), scores);
    std::copy_n(scores, count, query.scores.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

void ranknet_model::score(const feature_table& features, gsl::span<const ranking_query> batch,
                          scratch& work) const {
  for (const auto& query : batch)
    score_one(features, query, work);
}

} // namespace winnow
