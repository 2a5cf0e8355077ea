#include "models/training/event_order.hpp"

#include <algorithm>

namespace winnow {

event_order order_of(gsl::span<const interaction> events, const interaction_split& split) {
  event_order order;
  order.before_held_back.assign(split.users.size(), 0);
  std::vector<std::size_t> seen(split.users.size(), 0);
  for (const auto& event : events) {
    const auto trained = split.train.of(event.user).size();
    const auto place = seen[event.user]++;
    if (place < trained)
      order.items.push_back(event.item);
    if (place <= trained) // the last time: for the first item that is held back
      order.before_held_back[event.user] = order.items.size();
  }
  return order;
}

double recent_half_life(const event_order& order) {
  constexpr double share = 1.0 / 100, least = 100;
  return std::max(least, share * static_cast<double>(order.items.size()));
}

fading_counts count_recent(const event_order& order, std::size_t items, double half_life) {
  fading_counts recent(half_life, std::vector<float>(items));
  for (const auto item : order.items) {
    recent.advance();
    recent.add(item);
  }
  return recent;
}

void count_recent_at(const event_order& order, std::size_t items, double half_life,
                     std::vector<recent_request> requests) {
  const auto when = [&](const recent_request& one) { return order.before_held_back[one.user]; };
  std::sort(requests.begin(), requests.end(),
            [&](const auto& a, const auto& b) { return when(a) < when(b); });
  fading_counts recent(half_life, std::vector<float>(items));
  std::size_t done = 0;
  for (const auto& one : requests) {
    for (; done < when(one); ++done) {
      recent.advance();
      recent.add(order.items[done]);
    }
    for (std::size_t at = 0; at < one.items.size(); ++at)
      one.counts[at * one.stride] = recent.of(one.items[at]);
  }
}

} // namespace winnow
