#include "actors/rest/admission.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Many batches long, so that it does not matter where in a batch it begins.
constexpr std::chrono::milliseconds window_length{100};

constexpr double weight_of_newest = 0.25;

// A queue has drained once fewer are inside than this part of those who always may.
constexpr std::size_t drained_share = 8;

double seconds(std::chrono::nanoseconds length) {
  return std::chrono::duration<double>(length).count();
}

} // namespace

bool admission::enter(clock::time_point now) {
  const std::lock_guard lock(mutex_);
  measure(now);
  const bool full = inside_ >= how_.always && rate_ && static_cast<double>(inside_) > most_inside();
  window_.turned_away = window_.turned_away || full;
  standing_ = standing_ || full;
  inside_ += !full;
  return !full;
}

void admission::leave(clock::time_point now) {
  const std::lock_guard lock(mutex_);
  --inside_;
  window_.least_inside = std::min(window_.least_inside, inside_);
  measure(now);
}

void admission::served(clock::duration took) {
  const std::lock_guard lock(mutex_);
  ++window_.served;
  window_.quickest = std::min(window_.quickest, took);
}

double admission::most_inside() const {
  return *rate_ * (unqueued_.value_or(0) + seconds(standing_ ? how_.standing_wait : how_.longest_wait));
}

void admission::measure(clock::time_point now) {
  const auto length = now - window_.since;
  if (length < window_length)
    return;
  learn(window_, length);
  standing_ = standing_ && (window_.turned_away || window_.least_inside >= how_.always / drained_share);
  window_ = {now, 0, inside_, clock::duration::max(), inside_ >= how_.always, false};
}

/// What was reached can be reached; that more cannot be shows only where there was work enough all the time.
void admission::learn(const window& past, clock::duration length) {
  if (past.served == 0)
    return;
  const bool enough = inside_ >= how_.always;
  const bool told = past.least_inside > 0 && (past.turned_away || (past.began_with_enough && enough));
  const double newest = static_cast<double>(past.served) / seconds(length);
  if (rate_ && (told || newest > *rate_))
    *rate_ += weight_of_newest * (newest - *rate_);
  else if (told)
    rate_ = newest;
  // Where requests are turned away, the quickest may have waited as well.
  const double quickest = seconds(past.quickest);
  if (!unqueued_ || quickest < *unqueued_)
    unqueued_ = quickest;
  else if (!past.turned_away)
    *unqueued_ += weight_of_newest * (quickest - *unqueued_);
}

} // namespace winnow
