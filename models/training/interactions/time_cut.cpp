#include "models/training/interactions/time_cut.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

std::int64_t time_after(const interaction_log& log, double share) {
  const auto most = static_cast<double>(log.events.size() - 1);
  return log.events[static_cast<std::size_t>(std::floor(std::clamp(share, 0.0, 1.0) * most))].time;
}

interaction_log first_until(const interaction_log& log, std::int64_t last) {
  interaction_log early;
  early.has_times = log.has_times;
  early.orders_users = log.orders_users;
  for (const auto& event : log.events)
    if (event.time <= last)
      early.events.push_back({early.users.insert(log.users[event.user]).first,
                              early.items.insert(log.items[event.item]).first, event.time});
  return early;
}

} // namespace winnow
