#include "models/training/ranknet_fit.hpp"

#include "models/training/epoch_plan.hpp"
#include "models/training/ranknet_examples.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace winnow {

namespace {

// With fewer examples the comparison says nothing.
constexpr std::size_t least_cross_validated = 30;

column_scale scale_of_stage_features(const std::vector<ranknet_example>& examples, std::size_t width) {
  feature_table rows;
  rows.width = width;
  for (const auto& one : examples)
    rows.values.own().insert(rows.values.own().end(), one.stage_features.begin(), one.stage_features.end());
  return scale_of_columns(rows, 0);
}

/// Draws the training groups of a step.
class group_writer {
public:
  group_writer(const feature_table& columns, std::size_t stage_width, std::size_t negatives)
      : columns_(columns), stage_width_(stage_width), negatives_(negatives) {}

  gsl::span<const ranknet_group> draw(const std::vector<ranknet_example>& examples,
                                      gsl::span<const std::uint32_t> which, random_source& random) {
    const auto width = columns_.width + stage_width_;
    rows_.clear();
    rows_.reserve(which.size() * (1 + negatives_) * width); // the groups point into it
    groups_.clear();
    for (const auto i : which) {
      const auto& one = examples[i];
      const auto begin = rows_.size();
      append(one, one.taken);
      const auto others = one.items.size() - 1;
      const auto count = std::min(negatives_, others);
      for (std::size_t k = 0; k < count; ++k) {
        const auto other = count == others ? k : random.below(others); // any but the taken one
        append(one, other < one.taken ? other : other + 1);
      }
      groups_.push_back({user_of(one), {rows_.data() + begin, (1 + count) * width}});
    }
    return groups_;
  }

private:
  /// Without item columns, the network has a single input for the user, which is 0.
  gsl::span<const float> user_of(const ranknet_example& one) const {
    return columns_.width == 0 ? gsl::span<const float>(no_user_) : gsl::span<const float>(one.user);
  }

  void append(const ranknet_example& one, std::size_t position) {
    const auto* columns = columns_.row(one.items[position]);
    rows_.insert(rows_.end(), columns, columns + columns_.width);
    const auto* stages = one.stage_features.data() + position * stage_width_;
    rows_.insert(rows_.end(), stages, stages + stage_width_);
  }

  const feature_table& columns_;
  std::size_t stage_width_, negatives_;
  const std::vector<float> no_user_ = {0.0f};
  std::vector<float> rows_;
  std::vector<ranknet_group> groups_;
};

/// Trains networks on examples.
class ranknet_trainer {
public:
  ranknet_trainer(const std::vector<ranknet_example>& examples, std::size_t stage_width,
                  std::size_t embedding_columns, const ranknet_fit_options& options, thread_team& team)
      : examples_(examples), stage_scale_(scale_of_stage_features(examples, stage_width)),
        stage_width_(stage_width), embedding_columns_(embedding_columns), options_(options), team_(team) {}

  /// @param columns The items' columns; of width 0 for none. @param which The examples to train on.
  /// @param after_step Called with the number of the epoch and of its examples so far; false stops.
  /// @param after_epoch Called with the number of the epoch and its loss; false stops.
  /// @return nullopt if it was stopped.
  template<class AfterStep, class AfterEpoch>
  std::optional<ranknet_network> train(const feature_table& columns, const std::vector<std::uint32_t>& which,
                                       time_limit limit, AfterStep after_step, AfterEpoch after_epoch) const {
    return train(untrained(columns), columns, which, limit, 1, after_step, after_epoch);
  }

  /// The same from a network that has learned something. @param least Epochs that the limit leaves.
  template<class AfterStep, class AfterEpoch>
  std::optional<ranknet_network>
  train(ranknet_network network, const feature_table& columns, const std::vector<std::uint32_t>& which,
        time_limit limit, std::size_t least, AfterStep after_step, AfterEpoch after_epoch) const {
    group_writer writer(columns, stage_width_, options_.negatives);
    auto epochs = options_.epochs;
    for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
      const auto begun = time_limit::clock::now();
      auto random = stream_of(options_.seed + 2, epoch);
      auto order = shuffled_order(which.size(), random);
      for (auto& place : order)
        place = which[place];
      const auto adam = adam_of_epoch(options_.adam, epoch, epochs);
      double loss = 0;
      for (std::size_t first = 0; first < order.size(); first += options_.batch) {
        const auto count = std::min(options_.batch, order.size() - first);
        loss += network.step(writer.draw(examples_, {order.data() + first, count}, random), adam) *
                static_cast<double>(count);
        if (!after_step(epoch + 1, first + count))
          return std::nullopt;
      }
      if (!after_epoch(epoch + 1, loss / static_cast<double>(order.size())))
        return std::nullopt;
      const auto done = epoch + 1;
      const auto fitting =
          std::max(limit.fits(time_limit::clock::now() - begun), least - std::min(done, least));
      epochs = done + std::min(epochs - done, fitting);
    }
    return network;
  }

  /// The network to begin with. @param columns As for `train`.
  result<ranknet_network> first_network(const feature_table& columns) const {
    auto network = untrained(columns);
    if (!options_.start)
      return network;
    auto weights = options_.start->weights;
    if (columns.width == 0)
      weights.columns.erase(weights.columns.begin(),
                            weights.columns.end() - static_cast<std::ptrdiff_t>(stage_width_));
    if (auto begun = network.start_from(weights); !begun)
      return tl::unexpected(begun.error());
    return network;
  }

  /// The loss on examples that were not trained on, by batch, each summed up over its examples.
  std::vector<double> losses(ranknet_network& network, const feature_table& columns,
                             const std::vector<std::uint32_t>& which) const {
    group_writer writer(columns, stage_width_, options_.negatives);
    auto random = stream_of(options_.seed + 3, 0);
    std::vector<double> sums;
    for (std::size_t first = 0; first < which.size(); first += options_.batch) {
      const auto count = std::min(options_.batch, which.size() - first);
      sums.push_back(
          network.accumulate(writer.draw(examples_, {which.data() + first, count}, random), false) *
          static_cast<double>(count));
    }
    return sums;
  }

  ranknet_shape shape_for(const feature_table& columns) const {
    auto shape = options_.shape;
    shape.user_width = std::max<std::size_t>(1, columns.width);
    shape.feature_width = columns.width + stage_width_;
    return shape;
  }

private:
  ranknet_network untrained(const feature_table& columns) const {
    auto user_scale = scale_of_columns(columns, columns.width == 0 ? 0 : embedding_columns_);
    auto feature_scale = user_scale;
    if (columns.width == 0)
      user_scale.append(0, 1);
    for (std::size_t k = 0; k < stage_scale_.width(); ++k)
      feature_scale.append(stage_scale_.mean[k], stage_scale_.deviation[k]);
    return ranknet_network(shape_for(columns), std::move(user_scale), std::move(feature_scale), options_.seed,
                           team_);
  }

  const std::vector<ranknet_example>& examples_;
  const column_scale stage_scale_;
  std::size_t stage_width_, embedding_columns_;
  const ranknet_fit_options& options_;
  thread_team& team_;
};

/// The variance of the sum of the differences, as if they were independent.
double variance_of_sum(const std::vector<double>& one, const std::vector<double>& other) {
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const double difference = one[i] - other[i];
    sum += difference;
    squares += difference * difference;
  }
  return squares - sum * sum / static_cast<double>(one.size());
}

/// Whether the items' columns help to rank lists of users that were not trained on, by cross-validation. With
/// few examples they often do not: a network that can tell items apart learns the examples by heart. Each
/// network saw half of the examples, and the one with the columns would gain more from the other half, so
/// they are left out only if the difference exceeds twice its standard error.
/// @return nullopt if the observer stopped it.
std::optional<bool> columns_help(const ranknet_trainer& trainer, const feature_table& columns,
                                 std::size_t examples, time_limit limit, training_observer& observer) {
  constexpr std::size_t folds = 2;
  const feature_table none;
  double with = 0, without = 0, variance = 0;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<std::uint32_t> seen, unseen;
    for (std::uint32_t i = 0; i < examples; ++i)
      (i % folds == fold ? unseen : seen).push_back(i);
    const auto goes_on = [&](std::size_t epoch, std::size_t done) {
      return observer.step(epoch, done, seen.size());
    };
    const auto next = [](std::size_t, double) { return true; };
    const auto trainings_left = static_cast<double>(2 * (folds - fold));
    auto full = trainer.train(columns, seen, limit.share(1 / trainings_left), goes_on, next);
    auto narrow =
        full ? trainer.train(none, seen, limit.share(1 / (trainings_left - 1)), goes_on, next) : std::nullopt;
    if (!narrow)
      return std::nullopt;
    const auto of_full = trainer.losses(*full, columns, unseen);
    const auto of_narrow = trainer.losses(*narrow, none, unseen);
    with += std::accumulate(of_full.begin(), of_full.end(), 0.0);
    without += std::accumulate(of_narrow.begin(), of_narrow.end(), 0.0);
    variance += variance_of_sum(of_full, of_narrow);
  }
  char text[120];
  const auto mean = 1 / static_cast<double>(examples);
  std::snprintf(text, sizeof text, "RankNet: loss on unseen users %.4f with item columns, %.4f without",
                with * mean, without * mean);
  observer.note(text);
  return with < without + 2 * std::sqrt(variance);
}

} // namespace

result<std::optional<ranknet_result>>
fit_ranknet(const model_set& models, const item_lists& train, const item_lists& valid,
            const std::optional<event_order>& order, std::size_t embedding_columns,
            const ranknet_fit_options& options, thread_team& team, training_observer& observer) {
  const auto& columns = *models.ranknet_features;
  observer.begin_stage("RankNet", options.epochs);
  const auto examples = ranknet_examples(models, train, valid, order, options.max_users, team);
  if (!examples)
    return tl::unexpected(examples.error());
  if (examples->empty())
    return fail(fault::malformed, "RankNet: expected at least one user whose validation item is among the "
                                  "user's candidates, got none of " +
                                      std::to_string(valid.size()) + " validation items");

  const ranknet_trainer trainer(*examples, models.stage_features.size(), embedding_columns, options, team);
  bool uses_columns = columns.width > 0 && !order && (!options.start || options.start->uses_columns);
  if (uses_columns && !options.start && examples->size() >= least_cross_validated &&
      examples->size() <= options.most_cross_validated) {
    const auto help = columns_help(trainer, columns, examples->size(), options.limit.share(0.6), observer);
    if (!help)
      return std::nullopt;
    uses_columns = *help;
  }
  std::vector<std::uint32_t> all(examples->size());
  std::iota(all.begin(), all.end(), 0);
  const feature_table none;
  std::size_t epochs = 0;
  auto begun = trainer.first_network(uses_columns ? columns : none);
  if (!begun)
    return tl::unexpected(begun.error());
  const auto steps_of_epoch = (all.size() + options.batch - 1) / options.batch;
  const auto least = (options.least_steps + steps_of_epoch - 1) / steps_of_epoch;
  const auto network = trainer.train(
      std::move(*begun), uses_columns ? columns : none, all, options.limit, least,
      [&](std::size_t epoch, std::size_t done) { return observer.step(epoch, done, all.size()); },
      [&](std::size_t epoch, double loss) {
        observer.end_epoch(epoch, loss, "");
        epochs = epoch;
        // RankNet keeps no state: all its epochs together take seconds
        return !observer.wants_state() || epoch == options.epochs;
      });
  if (!network)
    return std::nullopt;
  observer.end_stage(std::to_string(epochs) + " epochs, " + std::to_string(examples->size()) + " users");
  return ranknet_result{network->tensors(), examples->size(), uses_columns, epochs};
}

} // namespace winnow
