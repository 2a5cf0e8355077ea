#include "models/training/lightgcn_trainer.hpp"

#include "models/training/networks/training_kernels.hpp"
#include "models/training/singular_vectors.hpp"
#include "models/training/support/untaken_items.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace winnow {

namespace {

// The start of BPR, as published.
constexpr double random_deviation = 0.1;

// The start of the softmax. Much longer vectors would only be unlearned, much shorter ones learned. A little
// noise, so that columns beyond the matrix's rank can learn.
constexpr double start_scale = 0.3;
constexpr double start_noise = 0.01;

double softplus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

} // namespace

lightgcn_trainer::lightgcn_trainer(const item_lists& train, std::size_t items,
                                   const lightgcn_options& options, thread_team& team)
    : train_(train), options_(with_defaults(options, train, items)), team_(team),
      graph_(build_graph(train, train.users(), items)), propagation_(graph_, options_.layers, team),
      random_(options.seed), embeddings_(graph_.nodes(), *options_.width), occurrences_(graph_.nodes(), 0),
      in_batch_(graph_.nodes(), 0), softmax_(train, items, options.group, team) {
  if (options_.start)
    embeddings_ = *options_.start;
  else if (options_.loss == pair_loss::bpr)
    start_from_random(random_deviation);
  else
    start_from_singular_vectors();
  // Only now, because the search for singular vectors needs as much memory.
  for (auto* rows : {&first_, &second_, &output_, &gradient_})
    *rows = embedding_rows(graph_.nodes(), *options_.width);
  for (std::uint32_t user = 0; user < train.users(); ++user)
    // A user who has taken everything has no negative.
    if (const auto taken = graph_.offsets[user + 1] - graph_.offsets[user]; taken > 0 && taken < items)
      active_users_.push_back(user);
  if (options_.loss == pair_loss::bpr)
    for (const auto user : active_users_)
      if (const auto taken = train.of(user); took_most(taken.size(), items)) {
        auto& sorted = most_taken_[user];
        sorted.assign(taken.begin(), taken.end());
        std::sort(sorted.begin(), sorted.end());
      }
}

void lightgcn_trainer::start_from_random(double deviation) {
  for (std::size_t node = 0; node < graph_.nodes(); ++node)
    for (std::size_t k = 0; k < *options_.width; ++k)
      embeddings_.row(node)[k] = static_cast<float>(deviation * random_.normal());
}

/// Propagation multiplies the singular vectors of the value s by (1 + s + … + s^L) / (L + 1), so that is
/// divided out: the propagated vectors of users and items are the singular ones times s.
void lightgcn_trainer::start_from_singular_vectors() {
  start_from_random(start_noise);
  const auto found = largest_singular_vectors(graph_, *options_.width, options_.seed, team_);
  // The mean square of a singular vector's entries falls with the number of rows.
  const double scale =
      start_scale * std::pow(static_cast<double>(graph_.users) * static_cast<double>(graph_.items), 0.25);
  aligned_floats factors(*options_.width);
  for (std::size_t k = 0; k < *options_.width; ++k) {
    double passed = 1;
    for (std::size_t layer = 0; layer < options_.layers; ++layer)
      passed = 1 + passed * found.values[k];
    factors[k] =
        static_cast<float>(scale * found.values[k] * static_cast<double>(options_.layers + 1) / passed);
  }
  for (std::size_t node = 0; node < graph_.nodes(); ++node) {
    const bool has_edges = graph_.offsets[node + 1] > graph_.offsets[node];
    auto* row = embeddings_.row(node);
    for (std::size_t k = 0; k < *options_.width; ++k)
      row[k] = has_edges ? row[k] + factors[k] * found.rows.row(node)[k] : 0;
  }
}

bool lightgcn_trainer::has_taken(std::uint32_t user, std::uint32_t item) const {
  const auto items = train_.of(user);
  return std::find(items.begin(), items.end(), item) != items.end();
}

std::uint32_t lightgcn_trainer::draw_negative(std::uint32_t user) {
  if (const auto most = most_taken_.find(user); most != most_taken_.end())
    return draw_untaken(most->second, graph_.items, random_);
  auto item = random_.below(graph_.items);
  while (has_taken(user, item))
    item = random_.below(graph_.items);
  return item;
}

void lightgcn_trainer::sample(std::size_t count) {
  batch_.clear();
  const auto users = static_cast<std::uint32_t>(graph_.users);
  for (std::size_t i = 0; i < count; ++i) {
    const auto user = active_users_[random_.below(active_users_.size())];
    const auto items = train_.of(user);
    const auto positive = items[random_.below(items.size())];
    const auto negative = options_.loss == pair_loss::bpr ? draw_negative(user) : positive;
    batch_.push_back({user, users + positive, users + negative});
  }
}

std::optional<double>
lightgcn_trainer::run_epoch(const std::function<bool(std::size_t, std::size_t)>& goes_on) {
  random_ = stream_of(options_.seed, epochs_);
  double loss = 0;
  const auto pairs = active_users_.empty() ? 0 : train_.size();
  for (std::size_t done = 0; done < pairs; done += *options_.batch) {
    sample(std::min(*options_.batch, pairs - done));
    loss += step() * static_cast<double>(batch_.size());
    if (goes_on && !goes_on(done + batch_.size(), pairs))
      return std::nullopt;
  }
  ++epochs_;
  return pairs == 0 ? 0 : loss / static_cast<double>(pairs);
}

double lightgcn_trainer::step() {
  mark_batch();
  propagate_batch(propagation_.inner(embeddings_, nullptr, precision()));
  const double loss = add_gradients();
  // A is symmetric, so the backward pass is the same computation.
  update(propagation_.inner(gradient_, in_batch_.data(), precision()));
  return loss;
}

void lightgcn_trainer::mark_batch() {
  for (const auto node : touched_) {
    in_batch_[node] = 0;
    occurrences_[node] = 0;
    std::fill_n(gradient_.row(node), gradient_.stride(), 0.0f);
  }
  touched_.clear();
  for (const auto& [user, positive, negative] : batch_) {
    ++occurrences_[user];
    ++occurrences_[positive];
    if (options_.loss == pair_loss::bpr)
      ++occurrences_[negative];
  }
  for (std::uint32_t node = 0; node < graph_.nodes();
       ++node) // in the graph's order, in which rows are read ahead
    if (occurrences_[node] > 0) {
      in_batch_[node] = 1;
      touched_.push_back(node);
    }
}

/// Computes the last layer for the batch's rows.
void lightgcn_trainer::propagate_batch(const graph_propagation::source& inner) {
  const auto scale = 1 / static_cast<float>(options_.layers + 1);
  constexpr std::size_t grain = 64;
  team_.run_ranges(touched_.size(), grain, [&](std::size_t first, std::size_t last) {
    for (auto i = first; i < last; ++i) {
      const auto node = touched_[i];
      if (options_.layers > 0)
        inner.gather(node, embeddings_.row(node), scale, output_.row(node),
                     i + 1 < last ? touched_[i + 1] : graph_.nodes());
      else
        std::copy_n(embeddings_.row(node), embeddings_.stride(), output_.row(node));
    }
  });
}

/// Computes the mean loss of the batch and its gradient with respect to the output.
double lightgcn_trainer::add_gradients() {
  if (options_.loss == pair_loss::bpr)
    return add_bpr_gradients();
  pairs_.clear();
  for (const auto& entry : batch_)
    pairs_.push_back({entry.user, entry.positive});
  return softmax_.add_gradients(pairs_, output_, 1 / static_cast<double>(options_.layers + 1), gradient_);
}

/// The same for the loss ln(1 + exp(negative - positive)).
double lightgcn_trainer::add_bpr_gradients() {
  const auto width = output_.stride();
  const auto share = 1.0 / static_cast<double>(batch_.size()) / static_cast<double>(options_.layers + 1);
  double loss = 0;
  for (const auto& [user, positive, negative] : batch_) {
    const auto* u = output_.row(user);
    const auto* p = output_.row(positive);
    const auto* n = output_.row(negative);
    const double margin = kernels::dot(u, p, width) - kernels::dot(u, n, width);
    loss += softplus(-margin);
    const auto pull = static_cast<float>(share / (1 + std::exp(margin)));
    kernels::add_scaled(-pull, p, width, gradient_.row(user));
    kernels::add_scaled(pull, n, width, gradient_.row(user));
    kernels::add_scaled(-pull, u, width, gradient_.row(positive));
    kernels::add_scaled(pull, u, width, gradient_.row(negative));
  }
  return loss / static_cast<double>(batch_.size());
}

/// Computes the last layer of the backward pass, and takes Adam's step with each row while it is in the
/// cache.
void lightgcn_trainer::update(const graph_propagation::source& inner) {
  const auto step = kernels::adam_at(++steps_, *options_.learning_rate * rate_);
  const auto l2 = static_cast<float>(*options_.l2 / static_cast<double>(batch_.size()));
  const auto width = embeddings_.stride();
  propagation_.for_ranges([&](std::size_t first, std::size_t last) {
    aligned_floats gradient(width);
    for (auto node = first; node < last; ++node) {
      if (options_.layers > 0)
        inner.gather(node, gradient_.row(node), 1, gradient.data());
      else
        std::copy_n(gradient_.row(node), width, gradient.data());
      if (occurrences_[node] > 0)
        kernels::add_scaled(l2 * static_cast<float>(occurrences_[node]), embeddings_.row(node), width,
                            gradient.data());
      kernels::adam_update(step, width, gradient.data(), first_.row(node), second_.row(node),
                           embeddings_.row(node));
    }
  });
}

const embedding_rows& lightgcn_trainer::propagated(const embedding_rows& initial) {
  propagation_.release(); // the layers of steps and those of all rows together would be the most memory
  propagation_.mean_of_layers(initial, output_);
  return output_;
}

void lightgcn_trainer::end_steps() {
  for (auto* rows : {&first_, &second_, &gradient_})
    *rows = {};
  propagation_.release();
}

embedding_rows lightgcn_trainer::fold_in_rows(const embedding_rows& initial) {
  const auto& inner = propagation_.inner_rows(initial);
  const auto share = 1 / static_cast<double>(options_.layers + 1);
  embedding_rows out(graph_.nodes(), *options_.width);
  for (std::size_t node = 0; node < graph_.nodes(); ++node) {
    const bool is_user = node < graph_.users;
    const auto edges = static_cast<double>(graph_.offsets[node + 1] - graph_.offsets[node]);
    const auto scale = is_user ? share : edges > 0 ? share / std::sqrt(edges) : 0;
    kernels::add_scaled(static_cast<float>(scale), (is_user ? initial : inner).row(node), out.stride(),
                        out.row(node));
  }
  return out;
}

lightgcn_trainer::state lightgcn_trainer::save() const {
  return {embeddings_.values(), first_.values(), second_.values(), epochs_, steps_};
}

void lightgcn_trainer::restore(state saved) {
  embeddings_.values() = std::move(saved.embeddings);
  first_.values() = std::move(saved.first);
  second_.values() = std::move(saved.second);
  epochs_ = saved.epochs;
  steps_ = saved.steps;
}

void lightgcn_trainer::go_on_from(const embedding_rows& initial) {
  embeddings_ = initial;
  for (auto* moment : {&first_, &second_})
    std::fill(moment->values().begin(), moment->values().end(), 0.0f);
  steps_ = 0;
}

} // namespace winnow
