#include "redis/backoff.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

backoff::backoff(std::chrono::milliseconds min, std::chrono::milliseconds max, clock_function now,
                 random_function random)
    : min_(min), max_(std::max(min, max)), now_(std::move(now)),
      random_(random ? std::move(random) : uniform_random()) {}

void backoff::failed() {
  using milliseconds = std::chrono::duration<double, std::milli>;
  constexpr std::uint32_t enough_doublings = 30; // Beyond any `max`; keeps the shift below from overflowing.
  failures_ = std::min(failures_ + 1, enough_doublings);
  const auto longest =
      std::min(milliseconds(max_), milliseconds(min_) * static_cast<double>(1u << failures_));
  const auto pause = std::max(milliseconds(min_), longest * (0.5 + 0.5 * random_()));
  known_ = news_ ? news_->load() : 0;
  next_ = now_() + std::chrono::duration_cast<clock::duration>(pause);
}

std::chrono::milliseconds backoff::remaining() const {
  if (news_ && news_->load() != known_)
    return std::chrono::milliseconds(0);
  const auto now = now_();
  // Compared first, because the distance to time_point::min() would overflow.
  return now >= next_ ? std::chrono::milliseconds(0)
                      : std::chrono::ceil<std::chrono::milliseconds>(next_ - now);
}

} // namespace winnow
