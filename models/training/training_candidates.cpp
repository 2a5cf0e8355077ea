#include "models/training/training_candidates.hpp"

#include <algorithm>

namespace winnow {

user_context context_of(std::uint32_t user, gsl::span<const std::uint32_t> history) {
  user_context context;
  context.user = user;
  context.history.assign(history.begin(), history.end());
  context.excluded = context.history;
  std::sort(context.excluded.begin(), context.excluded.end());
  context.excluded.erase(std::unique(context.excluded.begin(), context.excluded.end()),
                         context.excluded.end());
  return context;
}

std::vector<ranked_list> candidates_for(const model_set& models, const item_lists& train,
                                        gsl::span<const std::uint32_t> users, std::size_t count,
                                        thread_team& team) {
  std::vector<ranked_list> lists(users.size());
  constexpr std::size_t batch = 16;
  team.run_ranges(users.size(), batch, [&](std::size_t first, std::size_t last) {
    std::vector<user_context> contexts;
    for (auto i = first; i < last; ++i)
      contexts.push_back(context_of(users[i], train.of(users[i])));
    std::vector<const user_context*> pointers;
    for (const auto& context : contexts)
      pointers.push_back(&context);
    cascade_scratch work;
    auto found = generate_candidates(models, pointers, count, work);
    std::move(found.begin(), found.end(), lists.begin() + static_cast<std::ptrdiff_t>(first));
  });
  return lists;
}

std::vector<std::uint32_t> validated_users(const item_lists& train, const item_lists& valid) {
  std::vector<std::uint32_t> users;
  for (std::uint32_t user = 0; user < valid.users(); ++user)
    if (!valid.of(user).empty() && !train.of(user).empty())
      users.push_back(user);
  return users;
}

} // namespace winnow
