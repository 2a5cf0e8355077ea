#include "models/trials/shadow_comparison.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

list_difference compare_lists(gsl::span<const placed_item> served, gsl::span<const placed_item> shadow) {
  constexpr std::size_t most = 20;
  const std::size_t first = std::min(most, std::max(served.size(), shadow.size()));
  std::size_t same = 0, common = 0;
  list_difference found;
  for (std::size_t i = 0; i < served.size(); ++i) {
    const auto other = std::find_if(shadow.begin(), shadow.end(),
                                    [&](const placed_item& one) { return one.id == served[i].id; });
    if (other == shadow.end())
      continue;
    ++common;
    found.score += std::abs(static_cast<double>(served[i].score) - static_cast<double>(other->score));
    same += i < most && other - shadow.begin() < static_cast<std::ptrdiff_t>(most) ? 1 : 0;
  }
  found.overlap = first == 0 ? 1 : static_cast<double>(same) / static_cast<double>(first);
  found.score = common == 0 ? 0 : found.score / static_cast<double>(common);
  return found;
}

void shadow_record::compared(const list_difference& difference, std::chrono::nanoseconds served_took,
                             std::chrono::nanoseconds shadow_took) {
  const std::lock_guard lock(mutex_);
  ++sums_.compared;
  sums_.overlap += difference.overlap;
  sums_.score += difference.score;
  sums_.served_seconds += std::chrono::duration<double>(served_took).count();
  sums_.shadow_seconds += std::chrono::duration<double>(shadow_took).count();
}

void shadow_record::dropped() {
  const std::lock_guard lock(mutex_);
  ++sums_.dropped;
}

void shadow_record::failed() {
  const std::lock_guard lock(mutex_);
  ++sums_.failed;
}

shadow_record::totals shadow_record::so_far() const {
  const std::lock_guard lock(mutex_);
  auto means = sums_;
  if (means.compared == 0)
    return means;
  const auto lists = static_cast<double>(means.compared);
  means.overlap /= lists;
  means.score /= lists;
  means.served_seconds /= lists;
  means.shadow_seconds /= lists;
  return means;
}

} // namespace winnow
