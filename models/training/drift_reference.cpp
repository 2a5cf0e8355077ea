#include "models/training/drift_reference.hpp"

#include "models/online/list_values.hpp"
#include "models/training/training_candidates.hpp"

#include <optional>

namespace winnow {

namespace {

using value_lists = std::vector<std::vector<float>>;

result<value_lists> values_of(const model_set& models, const user_context& user,
                              const ranked_list& candidates, cascade_scratch& work) {
  const ranking_task first{&user, &candidates};
  const auto by_din = rank_by_din(models, {&first, 1}, models.widths.din_keep, work);
  if (!by_din.front())
    return tl::unexpected(by_din.front().error());
  const ranking_task second{&user, &*by_din.front()};
  const auto by_ranknet = rank_by_ranknet(models, {&second, 1}, models.widths.ranknet_keep, work);
  if (!by_ranknet.front())
    return tl::unexpected(by_ranknet.front().error());
  value_lists values;
  append_values(models, user, &*by_din.front(), &*by_ranknet.front(), work.stage_features, values);
  return values;
}

} // namespace

result<std::vector<reference_histogram>> drift_reference(const model_set& models, const item_lists& histories,
                                                         std::size_t most_users, thread_team& team) {
  const auto users = histories.users_with_items(most_users);
  const auto lists = candidates_for(models, histories, users, models.widths.candidates, team);
  std::vector<std::optional<result<value_lists>>> found(users.size());
  team.run_ranges(users.size(), 16, [&](std::size_t first, std::size_t last) {
    cascade_scratch work;
    for (auto i = first; i < last; ++i)
      found[i] = values_of(models, context_of(users[i], histories.of(users[i])), lists[i], work);
  });
  const auto names = watched_values(models);
  value_lists all(names.size());
  for (auto& one : found) {
    if (!*one)
      return tl::unexpected(one->error());
    for (std::size_t k = 0; k < names.size(); ++k)
      all[k].insert(all[k].end(), (**one)[k].begin(), (**one)[k].end());
  }
  std::vector<reference_histogram> made;
  for (std::size_t k = 0; k < names.size(); ++k)
    if (!all[k].empty())
      made.push_back(make_reference(names[k], std::move(all[k])));
  return made;
}

} // namespace winnow
