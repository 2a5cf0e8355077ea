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

} // namespace winnow
