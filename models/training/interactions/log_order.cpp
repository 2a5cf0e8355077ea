#include "models/training/interactions/log_order.hpp"

#include <algorithm>

namespace winnow {

namespace {

void order_ties_by_item(interaction_log& log) {
  auto& events = log.events;
  const auto by_id = [&log](const interaction& a, const interaction& b) {
    return log.items[a.item] < log.items[b.item];
  };
  for (auto first = events.begin(); first != events.end();) {
    const auto other = std::find_if(first, events.end(),
                                    [&](const interaction& event) { return event.time != first->time; });
    std::stable_sort(first, other, by_id);
    first = other;
  }
}

/// The events' indices, user by user; those of a user keep their order.
std::vector<std::size_t> grouped_by_user(const interaction_log& log) {
  std::vector<std::size_t> next(log.users.size() + 1, 0);
  for (const auto& event : log.events)
    ++next[event.user + 1];
  for (std::size_t user = 0; user < log.users.size(); ++user)
    next[user + 1] += next[user];
  std::vector<std::size_t> grouped(log.events.size());
  for (std::size_t i = 0; i < log.events.size(); ++i)
    grouped[next[log.events[i].user]++] = i;
  return grouped;
}

} // namespace

void sort_by_time(interaction_log& log, tie_order ties) {
  const auto earlier = [](const interaction& a, const interaction& b) { return a.time < b.time; };
  if (!std::is_sorted(log.events.begin(), log.events.end(), earlier))
    std::stable_sort(log.events.begin(), log.events.end(), earlier);
  if (ties == tie_order::item && log.orders_users)
    order_ties_by_item(log);
}

std::vector<bool> repeated_events(const interaction_log& log) {
  std::vector<std::uint32_t> last_user(log.items.size(), 0); // by item: who took it last, plus 1
  std::vector<bool> repeated(log.events.size(), false);
  for (const auto i : grouped_by_user(log)) {
    auto& mark = last_user[log.events[i].item];
    repeated[i] = mark == log.events[i].user + 1;
    mark = log.events[i].user + 1;
  }
  return repeated;
}

void remove_events(interaction_log& log, const std::vector<bool>& marks) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < log.events.size(); ++i)
    if (!marks[i])
      log.events[kept++] = log.events[i];
  log.events.resize(kept);
}

} // namespace winnow
