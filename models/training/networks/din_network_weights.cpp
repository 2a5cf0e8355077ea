#include "models/training/networks/din_network.hpp"
#include "models/training/networks/training_kernels.hpp"

#include <algorithm>
#include <utility>

// DIN's weights: taken from a checkpoint, moved by a step, and written. Their gradients are in
// din_network.cpp.

namespace winnow {

result<void> din_network::start_from(const start_weights& weights, gsl::span<const float> ids) {
  const auto& from = *weights.from;
  const auto columns = map_columns(weights.columns, weights.earlier_columns);
  if (ids.size() != ids_.value.size())
    return fail(fault::unsupported, from.file() + ": expected id vectors of " + std::to_string(ids_.columns) +
                                        " numbers for each item");
  if (auto taken = take_projection(from, "item_embedding", columns, scale_, embedding_, embedding_bias_);
      !taken)
    return taken;
  for (auto& [name, into] :
       {std::pair{"query", &query_}, std::pair{"key", &key_}, std::pair{"value", &attention_}})
    if (auto taken = take_tensor(from, std::string("attention.w_") + name + ".weight", *into); !taken)
      return taken;
  std::copy(ids.begin(), ids.end(), ids_.value.begin());
  return mlp_.take(from);
}

double din_network::step(gsl::span<const ranking_group> batch, const adam_options& options) {
  const double loss = accumulate(batch, true);
  ++steps_;
  for (auto* weights : {&embedding_, &query_, &key_})
    adam_move(*weights, steps_, options);
  for (auto* weights : {&embedding_bias_, &attention_})
    adam_move(*weights, steps_, {options.learning_rate, 0});
  mlp_.move(steps_, options);
  move_ids(options);
  return loss;
}

/// Moves only the vectors of the batch's items, because a step must not walk through a large catalogue.
void din_network::move_ids(const adam_options& options) {
  const auto step = kernels::adam_at(steps_, options.learning_rate);
  const auto kept = static_cast<float>(1 - options.learning_rate * options.weight_decay);
  for (const auto item : items_) {
    const auto at = item * ids_.columns;
    for (std::size_t k = 0; k < ids_.columns; ++k)
      ids_.value[at + k] *= kept;
    kernels::adam_update(step, ids_.columns, ids_.gradient.data() + at, ids_.first.data() + at,
                         ids_.second.data() + at, ids_.value.data() + at);
    std::fill_n(ids_.gradient.data() + at, ids_.columns, 0.0f);
  }
}

std::vector<named_tensor> din_network::tensors() const {
  auto weight = embedding_;
  auto bias = embedding_bias_;
  fold_in_scale(scale_, weight, bias);
  std::vector<named_tensor> all;
  all.push_back(to_tensor("item_embedding.weight", weight));
  all.push_back(to_vector("item_embedding.bias", bias));
  all.push_back(to_tensor("attention.w_query.weight", query_));
  all.push_back(to_tensor("attention.w_key.weight", key_));
  all.push_back(to_tensor("attention.w_value.weight", attention_));
  mlp_.append_tensors(all);
  return all;
}

std::vector<parameter*> din_network::parameters() {
  std::vector<parameter*> all = {&embedding_, &embedding_bias_, &query_, &key_, &attention_, &ids_};
  const auto more = mlp_.parameters();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace winnow
