#include "actors/rest/admission.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Spans many batches, so the position within a batch at which it begins does not matter.
constexpr std::chrono::milliseconds window_length{100};

/// Weight of the newest measurement in the moving averages.
constexpr double weight_of_newest = 0.25;

// Requests that can wait leave this part of the room free.
constexpr std::size_t reserved_share = 2;

// A queue has drained once fewer than `limits::always` divided by this are inside.
constexpr std::size_t drained_share = 8;

double seconds(std::chrono::nanoseconds length) {
  return std::chrono::duration<double>(length).count();
}

} // namespace

bool admission::enter(clock::time_point now) {
  const std::lock_guard lock(mutex_);
  measure(now);
  const bool full = inside_ >= limits_.always && rate_ && static_cast<double>(inside_) > max_inside();
  window_.turned_away = window_.turned_away || full;
  standing_ = standing_ || full;
  inside_ += !full;
  return !full;
}

std::size_t admission::enter_some(clock::time_point now, std::size_t wanted) {
  const std::lock_guard lock(mutex_);
  measure(now);
  const auto most = room() / reserved_share;
  const auto entering = inside_ < most ? std::min(wanted, most - inside_) : 0;
  inside_ += entering;
  return entering;
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

double admission::max_inside() const {
  return *rate_ * (unqueued_.value_or(0) + seconds(standing_ ? limits_.standing_wait : limits_.longest_wait));
}

/// How many may be inside. While the rate is unknown, no more than at any rate.
std::size_t admission::room() const {
  return rate_ ? std::max(limits_.always, static_cast<std::size_t>(max_inside())) : limits_.always;
}

void admission::measure(clock::time_point now) {
  const auto length = now - window_.since;
  if (length < window_length)
    return;
  learn(window_, length);
  standing_ = standing_ && (window_.turned_away || window_.least_inside >= limits_.always / drained_share);
  window_ = {now, 0, inside_, clock::duration::max(), inside_ >= limits_.always, false};
}

/// Updates the estimates from a completed window. A rate that was reached is achievable, so a higher one
/// always counts. The first rate, and any lower one, counts only if there was enough work throughout the
/// window.
void admission::learn(const window& past, clock::duration length) {
  if (past.served == 0)
    return;
  const bool enough = inside_ >= limits_.always;
  const bool saturated = past.least_inside > 0 && (past.turned_away || (past.began_with_enough && enough));
  const double newest = static_cast<double>(past.served) / seconds(length);
  if (rate_ && (saturated || newest > *rate_))
    *rate_ += weight_of_newest * (newest - *rate_);
  else if (saturated)
    rate_ = newest;
  // While requests are turned away, even the quickest may have queued: the estimate must not rise.
  const double quickest = seconds(past.quickest);
  if (!unqueued_ || quickest < *unqueued_)
    unqueued_ = quickest;
  else if (!past.turned_away)
    *unqueued_ += weight_of_newest * (quickest - *unqueued_);
}

} // namespace winnow
