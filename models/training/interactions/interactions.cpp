#include "models/training/interactions/interactions.hpp"

namespace winnow {

item_lists item_lists::group(std::size_t users, gsl::span<const interaction> events) {
  item_lists lists(users);
  for (const auto& event : events)
    ++lists.ends_[event.user + 1];
  for (std::size_t user = 0; user < users; ++user)
    lists.ends_[user + 1] += lists.ends_[user];
  lists.items_.resize(events.size());
  auto next = lists.ends_;
  for (const auto& event : events)
    lists.items_[next[event.user]++] = event.item;
  return lists;
}

std::vector<std::uint32_t> item_lists::users_with_items(std::size_t most) const {
  std::vector<std::uint32_t> found;
  for (std::size_t user = 0; user < users(); ++user)
    if (!of(user).empty())
      found.push_back(static_cast<std::uint32_t>(user));
  if (found.size() <= most)
    return found;
  for (std::size_t at = 0; at < most; ++at)
    found[at] = found[at * found.size() / most];
  found.resize(most);
  return found;
}

} // namespace winnow
