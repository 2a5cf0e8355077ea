#include "models/training/networks/din_network.hpp"

#include "models/training/networks/matrix_product.hpp"
#include "models/training/networks/sparse_kernels.hpp"
#include "models/training/networks/training_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

/// Gradients are summed in this many shards, so that the result does not depend on the number of threads.
constexpr std::size_t shard_count = 4;
constexpr std::uint32_t no_slot = 0xFFFFFFFF;
constexpr double initial_id_deviation = 0.1;
constexpr std::size_t item_grain = 128;

} // namespace

/// The gradient sums of one shard of groups, and room for those of a group.
struct din_network::shard {
  aligned_floats embedded, queries, keys, attention;
  std::vector<float> score_gradient;
  aligned_floats mean, pulled;
  std::vector<std::uint32_t> rows; ///< Of the group's candidates.
  std::vector<float> weights;      ///< Those that they give to one item of the history.
};

din_network::din_network(const feature_table& fixed, column_scale scale, std::size_t items,
                         const din_shape& shape, std::uint64_t seed, thread_team& team)
    : fixed_(fixed), scale_(std::move(scale)), shape_(shape), team_(team), random_(seed), seed_(seed),
      embedding_(shape.embedding_width, fixed.width + shape.id_width),
      embedding_bias_(1, shape.embedding_width), query_(shape.channels, shape.embedding_width),
      key_(shape.channels, shape.embedding_width), attention_(1, shape.channels), ids_(items, shape.id_width),
      slot_of_item_(items, no_slot) {
  for (auto* weights : {&embedding_, &query_, &key_, &attention_})
    weights->randomise(random_);
  for (auto& value : ids_.value)
    value = static_cast<float>(initial_id_deviation * random_.normal());
  mlp_ = trainable_mlp(3 * shape.embedding_width, shape.hidden, shape.dropout, random_);
  for (std::size_t i = 0; i < shard_count; ++i)
    shards_.push_back(std::make_unique<shard>());
}

din_network::~din_network() = default;
din_network::din_network(din_network&&) noexcept = default;

void din_network::begin_epoch(std::uint64_t epoch) {
  random_ = stream_of(seed_, epoch);
}

std::uint32_t din_network::slot_of(std::uint32_t item) {
  auto& slot = slot_of_item_[item];
  if (slot == no_slot) {
    slot = static_cast<std::uint32_t>(items_.size());
    items_.push_back(item);
  }
  return slot;
}

void din_network::lay_out(gsl::span<const ranking_group> batch) {
  for (const auto item : items_)
    slot_of_item_[item] = no_slot;
  items_.clear();
  history_slots_.clear();
  candidate_slots_.clear();
  places_.clear();
  std::size_t weights = 0;
  for (const auto& group : batch) {
    places_.push_back({candidate_slots_.size(), history_slots_.size(), group.history.size(), weights});
    weights += group.candidates.size() * group.history.size();
    for (const auto item : group.history)
      history_slots_.push_back(slot_of(item));
    for (const auto item : group.candidates)
      candidate_slots_.push_back(slot_of(item));
  }
  weights_.resize(weights);
}

/// Computes e = W_e x + b_e, W_q e and W_k e for each item of the batch.
void din_network::project_items() {
  const auto count = items_.size();
  const auto width = embedding_.columns, embedded = shape_.embedding_width, channels = shape_.channels;
  features_.resize(count * width);
  embedded_.resize(count * embedded);
  queries_.resize(count * channels);
  keys_.resize(count * channels);
  team_.run_ranges(count, item_grain, [&](std::size_t first, std::size_t last) {
    for (auto slot = first; slot < last; ++slot) {
      auto* row = features_.data() + slot * width;
      for (std::size_t k = 0; k < fixed_.width; ++k)
        row[k] = scale_.standard(k, fixed_.row(items_[slot])[k]);
      std::copy_n(ids_.row(items_[slot]), ids_.columns, row + fixed_.width);
      std::copy(embedding_bias_.value.begin(), embedding_bias_.value.end(),
                embedded_.data() + slot * embedded);
    }
  });
  multiply(team_, count, embedded, width, {features_.data(), width},
           transposed({embedding_.value.data(), width}), 1, embedded_.data(), embedded);
  multiply(team_, count, channels, embedded, {embedded_.data(), embedded},
           transposed({query_.value.data(), embedded}), 0, queries_.data(), channels);
  multiply(team_, count, channels, embedded, {embedded_.data(), embedded},
           transposed({key_.value.data(), embedded}), 0, keys_.data(), channels);
}

/// Fills the MLP's input [interest, candidate, mean] and keeps the attention weights.
void din_network::attend(gsl::span<const ranking_group> batch) {
  const auto width = shape_.embedding_width;
  input_.resize(candidate_slots_.size() * 3 * width);
  constexpr std::size_t grain = 8;
  team_.run_ranges(batch.size(), grain, [&](std::size_t first, std::size_t last) {
    aligned_floats mean(width);
    for (auto g = first; g < last; ++g) {
      const auto& place = places_[g];
      const auto* slots = history_slots_.data() + place.first_slot;
      const auto length = place.history;
      const std::vector<float> equal(length, 1 / static_cast<float>(length));
      kernels::gather_row({slots, equal.data(), length}, embedded_.data(), width, nullptr, nullptr, 1,
                          mean.data());
      for (std::size_t c = 0; c < batch[g].candidates.size(); ++c) {
        const auto slot = candidate_slots_[place.first_row + c];
        auto* row = input_.data() + (place.first_row + c) * 3 * width;
        auto* weight = weights_.data() + place.first_weight + c * length;
        kernels::attention_scores(queries_.data() + slot * shape_.channels, attention_.value.data(),
                                  shape_.channels, keys_.data(), slots, length, weight);
        if (length > 0)
          kernels::softmax_row(weight, length, 0);
        kernels::gather_row({slots, weight, length}, embedded_.data(), width, nullptr, nullptr, 1, row);
        std::copy_n(embedded_.data() + slot * width, width, row + width);
        std::copy_n(mean.data(), width, row + 2 * width);
      }
    }
  });
}

double din_network::softmax_loss(gsl::span<const ranking_group> batch, bool with_dropout) {
  const auto& scores =
      mlp_.forward(team_, input_, candidate_slots_.size(), with_dropout ? &random_ : nullptr);
  score_gradient_.resize(scores.size());
  double loss = 0;
  const auto share = 1 / static_cast<float>(batch.size());
  for (std::size_t g = 0; g < batch.size(); ++g) {
    const auto first = places_[g].first_row;
    const auto count = batch[g].candidates.size();
    const auto highest = *std::max_element(scores.begin() + static_cast<std::ptrdiff_t>(first),
                                           scores.begin() + static_cast<std::ptrdiff_t>(first + count));
    double sum = 0;
    for (std::size_t c = 0; c < count; ++c)
      sum += std::exp(static_cast<double>(scores[first + c] - highest));
    for (std::size_t c = 0; c < count; ++c) {
      const auto chance =
          static_cast<float>(std::exp(static_cast<double>(scores[first + c] - highest)) / sum);
      score_gradient_[first + c] = share * (chance - (c == 0 ? 1.0f : 0.0f));
    }
    loss += std::log(sum) - static_cast<double>(scores[first] - highest);
  }
  return loss / static_cast<double>(batch.size());
}

void din_network::attend_back(gsl::span<const ranking_group> batch, const aligned_floats& input_gradient) {
  team_.run(shard_count, [&](std::size_t part) {
    auto& sums = *shards_[part];
    sums.embedded.assign(items_.size() * shape_.embedding_width, 0.0f);
    sums.queries.assign(items_.size() * shape_.channels, 0.0f);
    sums.keys.assign(items_.size() * shape_.channels, 0.0f);
    sums.attention.assign(shape_.channels, 0.0f);
    for (auto g = part * batch.size() / shard_count; g < (part + 1) * batch.size() / shard_count; ++g) {
      pool_back(batch[g].candidates.size(), places_[g], input_gradient, sums);
      score_back(batch[g].candidates.size(), places_[g], input_gradient, sums);
    }
  });
  for (const auto member : {&shard::embedded, &shard::queries, &shard::keys, &shard::attention})
    add_shards(member);
  kernels::add_scaled(1, shards_[0]->attention.data(), shape_.channels, attention_.gradient.data());
}

/// The gradients of the embeddings that were pooled into the candidates' inputs. The input's gradient is a
/// table of rows as wide as an embedding, three for each candidate: interest, candidate, mean.
void din_network::pool_back(std::size_t candidates, const group_place& place,
                            const aligned_floats& input_gradient, shard& sums) {
  const auto width = shape_.embedding_width;
  const auto length = place.history;
  sums.mean.assign(width, 0.0f);
  sums.pulled.resize(width);
  sums.rows.clear();
  for (std::size_t c = 0; c < candidates; ++c) {
    const auto row = 3 * (place.first_row + c);
    sums.rows.push_back(static_cast<std::uint32_t>(row));
    kernels::add_scaled(1, input_gradient.data() + (row + 1) * width, width,
                        sums.embedded.data() + candidate_slots_[place.first_row + c] * width);
    if (length > 0)
      kernels::add_scaled(1 / static_cast<float>(length), input_gradient.data() + (row + 2) * width, width,
                          sums.mean.data());
  }
  sums.weights.resize(candidates);
  for (std::size_t h = 0; h < length; ++h) {
    for (std::size_t c = 0; c < candidates; ++c)
      sums.weights[c] = weights_[place.first_weight + c * length + h];
    kernels::gather_row({sums.rows.data(), sums.weights.data(), candidates}, input_gradient.data(), width,
                        nullptr, sums.mean.data(), 1, sums.pulled.data());
    kernels::add_scaled(1, sums.pulled.data(), width,
                        sums.embedded.data() + history_slots_[place.first_slot + h] * width);
  }
}

/// The gradients of the attention scores, and what follows from them.
void din_network::score_back(std::size_t candidates, const group_place& place,
                             const aligned_floats& input_gradient, shard& sums) {
  const auto width = shape_.embedding_width, channels = shape_.channels;
  const auto* slots = history_slots_.data() + place.first_slot;
  const auto length = place.history;
  sums.score_gradient.resize(length);
  for (std::size_t c = 0; c < candidates; ++c) {
    const auto slot = candidate_slots_[place.first_row + c];
    const auto* gradient = input_gradient.data() + (place.first_row + c) * 3 * width;
    const auto* weight = weights_.data() + place.first_weight + c * length;
    float mean = 0;
    for (std::size_t h = 0; h < length; ++h) {
      sums.score_gradient[h] = kernels::dot(gradient, embedded_.data() + slots[h] * width, width);
      mean += weight[h] * sums.score_gradient[h];
    }
    for (std::size_t h = 0; h < length; ++h)
      sums.score_gradient[h] = weight[h] * (sums.score_gradient[h] - mean);
    kernels::attention_gradients(queries_.data() + slot * channels, attention_.value.data(), channels,
                                 keys_.data(), slots, length, sums.score_gradient.data(),
                                 sums.queries.data() + slot * channels, sums.keys.data(),
                                 sums.attention.data());
  }
}

/// Adds the sums of all shards to those of the first, in order.
void din_network::add_shards(aligned_floats shard::*member) {
  auto& total = (*shards_[0]).*member;
  constexpr std::size_t grain = 16'384;
  team_.run_ranges(total.size(), grain, [&](std::size_t first, std::size_t last) {
    for (std::size_t part = 1; part < shard_count; ++part)
      kernels::add_scaled(1, ((*shards_[part]).*member).data() + first, last - first, total.data() + first);
  });
}

void din_network::project_back() {
  auto& total = *shards_[0];
  const auto count = items_.size();
  const auto width = embedding_.columns, embedded = shape_.embedding_width, channels = shape_.channels;
  multiply(team_, channels, embedded, count, transposed({total.queries.data(), channels}),
           {embedded_.data(), embedded}, 1, query_.gradient.data(), embedded);
  multiply(team_, channels, embedded, count, transposed({total.keys.data(), channels}),
           {embedded_.data(), embedded}, 1, key_.gradient.data(), embedded);
  multiply(team_, count, embedded, channels, {total.queries.data(), channels},
           {query_.value.data(), embedded}, 1, total.embedded.data(), embedded);
  multiply(team_, count, embedded, channels, {total.keys.data(), channels}, {key_.value.data(), embedded}, 1,
           total.embedded.data(), embedded);
  multiply(team_, embedded, width, count, transposed({total.embedded.data(), embedded}),
           {features_.data(), width}, 1, embedding_.gradient.data(), width);
  for (std::size_t slot = 0; slot < count; ++slot)
    kernels::add_scaled(1, total.embedded.data() + slot * embedded, embedded,
                        embedding_bias_.gradient.data());
  // Only the learned columns of the features have gradients.
  aligned_floats gradient(count * ids_.columns);
  multiply(team_, count, ids_.columns, embedded, {total.embedded.data(), embedded},
           {embedding_.value.data() + fixed_.width, width}, 0, gradient.data(), ids_.columns);
  for (std::size_t slot = 0; slot < count; ++slot)
    std::copy_n(gradient.data() + slot * ids_.columns, ids_.columns,
                ids_.gradient.data() + items_[slot] * ids_.columns);
}

double din_network::accumulate(gsl::span<const ranking_group> batch, bool with_dropout) {
  lay_out(batch);
  project_items();
  attend(batch);
  const double loss = softmax_loss(batch, with_dropout);
  attend_back(batch, mlp_.backward(team_, score_gradient_));
  project_back();
  return loss;
}

} // namespace winnow
