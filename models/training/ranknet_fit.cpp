#include "models/training/ranknet_fit.hpp"

#include "models/training/epoch_plan.hpp"
#include "models/training/training_candidates.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// One user's candidates as RankNet sees them, and which of them the user took.
struct example {
  std::vector<std::uint32_t> items;  ///< In DIN's order.
  std::vector<float> stage_features; ///< One row per item.
  std::vector<float> user;           ///< Mean item columns of the history.
  std::size_t taken = 0;             ///< Position in `items`.
};

std::vector<float> mean_row(const feature_table& features, gsl::span<const std::uint32_t> items) {
  std::vector<float> mean(std::max<std::size_t>(1, features.width), 0.0f);
  for (const auto item : items)
    for (std::size_t k = 0; k < features.width; ++k)
      mean[k] += features.row(item)[k] / static_cast<float>(items.size());
  return mean;
}

/// Collects one example for each user whose validation item is among the candidates that reach RankNet.
result<std::vector<example>> collect(const model_set& models, const item_lists& train,
                                     const item_lists& valid, const ranknet_fit_options& options,
                                     thread_team& team) {
  auto users = validated_users(train, valid);
  users.resize(std::min(users.size(), options.max_users));
  const auto lists = candidates_for(models, train, users, models.widths.candidates, team);

  std::vector<std::optional<example>> found(users.size());
  std::vector<std::optional<error>> failed(users.size());
  team.run_ranges(users.size(), 16, [&](std::size_t first, std::size_t last) {
    cascade_scratch work;
    for (auto i = first; i < last; ++i) {
      const auto context = context_of(users[i], train.of(users[i]));
      const ranking_task task{&context, &lists[i]};
      const auto ranked = rank_by_din(models, {&task, 1}, models.widths.din_keep, work);
      if (!ranked.front()) {
        failed[i] = ranked.front().error();
        continue;
      }
      const auto& kept = ranked.front()->items;
      const auto wanted = valid.of(users[i]);
      const auto taken = std::find_if(kept.begin(), kept.end(), [&](const scored_item& entry) {
        return std::find(wanted.begin(), wanted.end(), entry.item) != wanted.end();
      });
      if (taken == kept.end() || kept.size() < 2)
        continue;
      example one;
      for (const auto& entry : kept)
        one.items.push_back(entry.item);
      one.stage_features.resize(kept.size() * models.stage_features.size());
      write_stage_features(models, context, kept, ranked.front()->evidence, work.stage_features,
                           one.stage_features);
      one.user = mean_row(*models.ranknet_features, context.history);
      one.taken = static_cast<std::size_t>(taken - kept.begin());
      found[i] = std::move(one);
    }
  });
  std::vector<example> examples;
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (failed[i])
      return tl::unexpected(*failed[i]);
    if (found[i])
      examples.push_back(std::move(*found[i]));
  }
  return examples;
}

column_scale scale_of_stage_features(const std::vector<example>& examples, std::size_t width) {
  feature_table rows;
  rows.width = width;
  for (const auto& one : examples)
    rows.values.insert(rows.values.end(), one.stage_features.begin(), one.stage_features.end());
  return scale_of_columns(rows, 0);
}

/// Draws the training groups of a step.
class group_writer {
public:
  group_writer(const feature_table& columns, std::size_t stage_width, std::size_t negatives)
      : columns_(columns), stage_width_(stage_width), negatives_(negatives) {}

  gsl::span<const ranknet_group> draw(const std::vector<example>& examples,
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
      groups_.push_back({one.user, {rows_.data() + begin, (1 + count) * width}});
    }
    return groups_;
  }

private:
  void append(const example& one, std::size_t position) {
    const auto* columns = columns_.row(one.items[position]);
    rows_.insert(rows_.end(), columns, columns + columns_.width);
    const auto* stages = one.stage_features.data() + position * stage_width_;
    rows_.insert(rows_.end(), stages, stages + stage_width_);
  }

  const feature_table& columns_;
  std::size_t stage_width_, negatives_;
  std::vector<float> rows_;
  std::vector<ranknet_group> groups_;
};

} // namespace

result<std::optional<ranknet_result>> fit_ranknet(const model_set& models, const item_lists& train,
                                                  const item_lists& valid, std::size_t embedding_columns,
                                                  const ranknet_fit_options& options, thread_team& team,
                                                  training_observer& observer) {
  const auto& columns = *models.ranknet_features;
  observer.begin_stage("RankNet", options.epochs);
  const auto examples = collect(models, train, valid, options, team);
  if (!examples)
    return tl::unexpected(examples.error());
  if (examples->empty())
    return fail(fault::malformed, "RankNet: expected at least one user whose validation item is among the "
                                  "user's candidates, got none of " +
                                      std::to_string(valid.size()) + " validation items");

  auto shape = options.shape;
  shape.user_width = std::max<std::size_t>(1, columns.width);
  shape.feature_width = columns.width + models.stage_features.size();
  auto user_scale = scale_of_columns(columns, embedding_columns);
  auto feature_scale = user_scale;
  if (columns.width == 0)
    user_scale.append(0, 1);
  const auto stage_scale = scale_of_stage_features(*examples, models.stage_features.size());
  for (std::size_t k = 0; k < stage_scale.width(); ++k)
    feature_scale.append(stage_scale.mean[k], stage_scale.deviation[k]);
  ranknet_network network(shape, std::move(user_scale), std::move(feature_scale), options.seed, team);

  group_writer writer(columns, models.stage_features.size(), options.negatives);
  for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
    auto random = stream_of(options.seed + 2, epoch);
    const auto order = shuffled_order(examples->size(), random);
    const auto adam = adam_of_epoch(options.adam, epoch, options.epochs);
    double loss = 0;
    for (std::size_t first = 0; first < order.size(); first += options.batch) {
      const auto count = std::min(options.batch, order.size() - first);
      loss += network.step(writer.draw(*examples, {order.data() + first, count}, random), adam) *
              static_cast<double>(count);
      if (!observer.step(epoch + 1, first + count, order.size()))
        return std::nullopt;
    }
    observer.end_epoch(epoch + 1, loss / static_cast<double>(order.size()), "");
    if (observer.wants_state() && epoch + 1 < options.epochs)
      return std::nullopt; // RankNet keeps no state: all its epochs together take seconds
  }
  observer.end_stage(std::to_string(options.epochs) + " epochs, " + std::to_string(examples->size()) +
                     " users");
  return ranknet_result{network.tensors(), examples->size()};
}

} // namespace winnow
