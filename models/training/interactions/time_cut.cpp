#include "models/training/interactions/time_cut.hpp"

namespace winnow {

interaction_log first_of_time(const interaction_log& log, double share) {
  interaction_log early;
  early.has_times = log.has_times;
  if (log.events.empty())
    return early;
  const auto first = log.events.front().time;
  const auto last =
      first + static_cast<std::int64_t>(share * static_cast<double>(log.events.back().time - first));
  for (const auto& event : log.events)
    if (event.time <= last)
      early.events.push_back({early.users.insert(log.users[event.user]).first,
                              early.items.insert(log.items[event.item]).first, event.time});
  return early;
}

} // namespace winnow
