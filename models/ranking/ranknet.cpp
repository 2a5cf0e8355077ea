#include "models/ranking/ranknet.hpp"

#include "models/kernels/kernels.hpp"
#include "models/ranking/candidate_tiles.hpp"
#include "models/ranking/layer_loading.hpp"

#include <algorithm>

namespace winnow {

using kernels::tile_width;

namespace {

/// Copies the `extra` columns of a tile's candidates, `width` numbers each, into the columns of `tile`.
void gather_extra(const candidate_tile& candidates, gsl::span<const ranking_query> batch, std::size_t width,
                  float* tile) {
  const float* rows[tile_width];
  for (const auto& run : candidates.runs())
    for (std::size_t column = run.columns.first; column < run.columns.end; ++column)
      rows[column] = batch[run.query].extra.data() + (run.first + column - run.columns.first) * width;
  kernels::rows_to_tile(rows, candidates.count, width, tile);
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

void ranknet_model::prepare_user(const feature_rows& features, gsl::span<const std::uint32_t> history,
                                 scratch& work) const {
  work.user.resize(features.width);
  const std::size_t known = sum_features(features, history, work.user.data());
  const float share = known == 0 ? 0.0f : 1.0f / static_cast<float>(known);
  for (auto& value : work.user)
    value *= share;
  on_user_.run(work.user, work.first_bias);
}

void ranknet_model::score(const feature_rows& features, gsl::span<const ranking_query> batch,
                          scratch& work) const {
  work.input.resize(feature_width() * tile_width);
  work.layers.resize(mlp_.scratch_size());
  const std::size_t extra = feature_width() - features.width;
  in_candidate_tiles(batch, [&](const candidate_tile& tile) {
    gather_features(features, {tile.items, tile.count}, work.input.data());
    if (extra > 0)
      gather_extra(tile, batch, extra, work.input.data() + features.width * tile_width);
    for (const auto& run : tile.runs()) {
      if (run.first == 0)
        prepare_user(features, batch[run.query].history, work);
      mlp_.begin(work.input.data(), run.columns, work.first_bias.data(), work.layers.data());
    }
    write_scores(tile, mlp_.finish(tile.count, work.layers.data()), batch);
  });
}

} // namespace winnow
