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

std::vector<std::uint32_t> interaction_split::known_before_test(std::size_t user) const {
  const auto before = train.of(user);
  std::vector<std::uint32_t> known(before.begin(), before.end());
  if (user < valid.users())
    known.insert(known.end(), valid.of(user).begin(), valid.of(user).end());
  return known;
}

} // namespace winnow
