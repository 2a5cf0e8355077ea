#include "models/training/ranknet_examples.hpp"

#include "models/training/training_candidates.hpp"

#include <algorithm>

namespace winnow {

namespace {

std::vector<float> mean_row(const feature_table& features, gsl::span<const std::uint32_t> items) {
  std::vector<float> mean(std::max<std::size_t>(1, features.width), 0.0f);
  for (const auto item : items)
    for (std::size_t k = 0; k < features.width; ++k)
      mean[k] += features.row(item)[k] / static_cast<float>(items.size());
  return mean;
}

bool is_among(gsl::span<const std::uint32_t> items, std::uint32_t item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

/// Leaves out the wanted items behind the taken one, which would be negatives otherwise. @param width Number
/// of stage features.
void leave_out_other_wanted(ranknet_example& one, gsl::span<const std::uint32_t> wanted, std::size_t width) {
  auto kept = one.taken + 1;
  for (auto at = kept; at < one.items.size(); ++at) {
    if (is_among(wanted, one.items[at]))
      continue;
    one.items[kept] = one.items[at];
    for (std::size_t k = 0; k < width; ++k)
      one.stage_features[kept * width + k] = one.stage_features[at * width + k];
    ++kept;
  }
  one.items.resize(kept);
  one.stage_features.resize(kept * width);
}

/// Sets the stage feature `popularity_trend`, if there is one, as it was when each user took the item.
void set_trend(const model_set& models, const event_order& order, std::vector<ranknet_example>& examples) {
  const auto& features = models.stage_features;
  const auto column = std::find(features.begin(), features.end(), stage_feature::popularity_trend);
  if (column == features.end())
    return;
  std::vector<recent_request> requests;
  requests.reserve(examples.size());
  for (auto& one : examples)
    requests.push_back({one.row, one.items,
                        &one.stage_features[static_cast<std::size_t>(column - features.begin())],
                        features.size()});
  count_recent_at(order, models.items.size(), models.recent_half_life, requests);
  for (const auto& one : requests)
    for (std::size_t at = 0; at < one.items.size(); ++at)
      one.counts[at * one.stride] = trend_of(one.counts[at * one.stride], models.taken(one.items[at]));
}

} // namespace

result<std::vector<ranknet_example>> ranknet_examples(const model_set& models, const item_lists& train,
                                                      const item_lists& valid,
                                                      const std::optional<event_order>& order,
                                                      std::size_t most_users, thread_team& team) {
  auto users = validated_users(train, valid);
  users.resize(std::min(users.size(), most_users));
  const auto lists = candidates_for(models, train, users, models.widths.candidates, team);

  std::vector<std::optional<ranknet_example>> found(users.size());
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
      const auto taken = std::find_if(kept.begin(), kept.end(),
                                      [&](const scored_item& entry) { return is_among(wanted, entry.item); });
      if (taken == kept.end())
        continue;
      ranknet_example one;
      one.row = users[i];
      for (const auto& entry : kept)
        one.items.push_back(entry.item);
      one.stage_features.resize(kept.size() * models.stage_features.size());
      write_stage_features(models, context, kept, ranked.front()->evidence, work.stage_features,
                           one.stage_features);
      one.taken = static_cast<std::size_t>(taken - kept.begin());
      leave_out_other_wanted(one, wanted, models.stage_features.size());
      if (one.items.size() < 2) // nothing to rank it above
        continue;
      one.user = mean_row(*models.ranknet_features, context.history);
      found[i] = std::move(one);
    }
  });
  std::vector<ranknet_example> examples;
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (failed[i])
      return tl::unexpected(*failed[i]);
    if (found[i])
      examples.push_back(std::move(*found[i]));
  }
  if (order)
    set_trend(models, *order, examples);
  return examples;
}

} // namespace winnow
