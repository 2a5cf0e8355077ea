#include "models/training/networks/ranknet_network.hpp"

#include "models/training/networks/matrix_product.hpp"
#include "models/training/networks/training_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

constexpr std::size_t group_grain = 8;

} // namespace

ranknet_network::ranknet_network(const ranknet_shape& shape, column_scale user_scale,
                                 column_scale feature_scale, std::uint64_t seed, thread_team& team)
    : shape_(shape), user_scale_(std::move(user_scale)), feature_scale_(std::move(feature_scale)),
      team_(team), random_(seed), user_(shape.embedding_width, shape.user_width),
      user_bias_(1, shape.embedding_width), item_(shape.embedding_width, shape.feature_width),
      item_bias_(1, shape.embedding_width) {
  user_.randomise(random_);
  item_.randomise(random_);
  mlp_ = trainable_mlp(2 * shape.embedding_width, shape.hidden, shape.dropout, random_);
}

result<void> ranknet_network::start_from(const start_weights& weights) {
  const auto columns = map_columns(weights.columns, weights.earlier_columns);
  // The columns of a user are means of the first of an item's. Without any, the single one is always 0.
  const bool has_user = columns.size() >= shape_.user_width && shape_.user_width > 1;
  const column_map of_user(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(shape_.user_width));
  const auto& from = *weights.from;
  if (auto taken = take_projection(from, "user_embedding", has_user ? of_user : column_map(shape_.user_width),
                                   user_scale_, user_, user_bias_);
      !taken)
    return taken;
  if (auto taken = take_projection(from, "item_embedding", columns, feature_scale_, item_, item_bias_);
      !taken)
    return taken;
  return mlp_.take(from);
}

/// Fills the MLP's input [W_u u + b_u, W_i x + b_i], one row per candidate. A group's user is projected once.
void ranknet_network::lay_out(gsl::span<const ranknet_group> batch) {
  first_rows_.assign(1, 0);
  for (const auto& group : batch)
    first_rows_.push_back(first_rows_.back() + group.candidates.size() / shape_.feature_width);
  const auto rows = first_rows_.back();
  const auto width = shape_.embedding_width;
  users_.resize(batch.size() * shape_.user_width);
  projected_users_.resize(batch.size() * width);
  features_.resize(rows * shape_.feature_width);
  input_.resize(rows * 2 * width);
  team_.run_ranges(batch.size(), group_grain, [&](std::size_t first, std::size_t last) {
    for (auto g = first; g < last; ++g) {
      for (std::size_t k = 0; k < shape_.user_width; ++k)
        users_[g * shape_.user_width + k] = user_scale_.standard(k, batch[g].user[k]);
      std::copy(user_bias_.value.begin(), user_bias_.value.end(), projected_users_.data() + g * width);
      auto* to = features_.data() + first_rows_[g] * shape_.feature_width;
      for (std::size_t at = 0; at < batch[g].candidates.size(); at += shape_.feature_width)
        for (std::size_t k = 0; k < shape_.feature_width; ++k)
          to[at + k] = feature_scale_.standard(k, batch[g].candidates[at + k]);
    }
  });
  multiply(team_, batch.size(), width, shape_.user_width, {users_.data(), shape_.user_width},
           transposed({user_.value.data(), shape_.user_width}), 1, projected_users_.data(), width);
  for (std::size_t g = 0; g < batch.size(); ++g)
    for (auto row = first_rows_[g]; row < first_rows_[g + 1]; ++row) {
      std::copy_n(projected_users_.data() + g * width, width, input_.data() + row * 2 * width);
      std::copy(item_bias_.value.begin(), item_bias_.value.end(), input_.data() + (row * 2 + 1) * width);
    }
  multiply(team_, rows, width, shape_.feature_width, {features_.data(), shape_.feature_width},
           transposed({item_.value.data(), shape_.feature_width}), 1, input_.data() + width, 2 * width);
}

double ranknet_network::listwise_loss(gsl::span<const ranknet_group> batch, const aligned_floats& scores) {
  score_gradient_.assign(scores.size(), 0.0f);
  const double share = 1 / static_cast<double>(batch.size());
  double loss = 0;
  std::size_t first = 0;
  for (const auto& group : batch) {
    const auto count = group.candidates.size() / shape_.feature_width;
    const double largest = *std::max_element(scores.begin() + static_cast<std::ptrdiff_t>(first),
                                             scores.begin() + static_cast<std::ptrdiff_t>(first + count));
    double sum = 0;
    for (auto i = first; i < first + count; ++i)
      sum += std::exp(scores[i] - largest);
    for (auto i = first; i < first + count; ++i)
      score_gradient_[i] = static_cast<float>(share * std::exp(scores[i] - largest) / sum);
    score_gradient_[first] -= static_cast<float>(share);
    loss += share * (largest + std::log(sum) - scores[first]);
    first += count;
  }
  return loss;
}

double ranknet_network::accumulate(gsl::span<const ranknet_group> batch, bool with_dropout) {
  lay_out(batch);
  const auto rows = first_rows_.back();
  const double loss =
      listwise_loss(batch, mlp_.forward(team_, input_, rows, with_dropout ? &random_ : nullptr));
  const auto& gradient = mlp_.backward(team_, score_gradient_);
  const auto width = shape_.embedding_width;
  user_gradient_.assign(batch.size() * width, 0.0f);
  for (std::size_t g = 0; g < batch.size(); ++g)
    for (auto row = first_rows_[g]; row < first_rows_[g + 1]; ++row)
      kernels::add_scaled(1, gradient.data() + row * 2 * width, width, user_gradient_.data() + g * width);
  multiply(team_, width, shape_.user_width, batch.size(), transposed({user_gradient_.data(), width}),
           {users_.data(), shape_.user_width}, 1, user_.gradient.data(), shape_.user_width);
  multiply(team_, width, shape_.feature_width, rows, transposed({gradient.data() + width, 2 * width}),
           {features_.data(), shape_.feature_width}, 1, item_.gradient.data(), shape_.feature_width);
  for (std::size_t g = 0; g < batch.size(); ++g)
    kernels::add_scaled(1, user_gradient_.data() + g * width, width, user_bias_.gradient.data());
  for (std::size_t row = 0; row < rows; ++row)
    kernels::add_scaled(1, gradient.data() + (row * 2 + 1) * width, width, item_bias_.gradient.data());
  return loss;
}

double ranknet_network::step(gsl::span<const ranknet_group> batch, const adam_options& options) {
  const double loss = accumulate(batch, true);
  ++steps_;
  adam_move(user_, steps_, options);
  adam_move(item_, steps_, options);
  for (auto* bias : {&user_bias_, &item_bias_})
    adam_move(*bias, steps_, {options.learning_rate, 0});
  mlp_.move(steps_, options);
  return loss;
}

std::vector<named_tensor> ranknet_network::tensors() const {
  auto user = user_, user_bias = user_bias_, item = item_, item_bias = item_bias_;
  fold_in_scale(user_scale_, user, user_bias);
  fold_in_scale(feature_scale_, item, item_bias);
  std::vector<named_tensor> all;
  all.push_back(to_tensor("user_embedding.weight", user));
  all.push_back(to_vector("user_embedding.bias", user_bias));
  all.push_back(to_tensor("item_embedding.weight", item));
  all.push_back(to_vector("item_embedding.bias", item_bias));
  mlp_.append_tensors(all);
  return all;
}

std::vector<parameter*> ranknet_network::parameters() {
  std::vector<parameter*> all = {&user_, &user_bias_, &item_, &item_bias_};
  const auto more = mlp_.parameters();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace winnow
