#include "actors/admission.hpp"

namespace winnow {

namespace {

// Many batches long, so that it does not matter where in a batch it begins.
constexpr std::chrono::milliseconds window_length{100};

constexpr double weight_of_newest = 0.25;

} // namespace

bool admission::enter(clock::time_point now) {
  const std::lock_guard lock(mutex_);
  measure(now);
  const double longest = std::chrono::duration<double>(how_.longest_wait).count();
  const bool full = inside_ >= how_.always && rate_ && static_cast<double>(inside_) > *rate_ * longest;
  window_.turned_away = window_.turned_away || full;
  inside_ += !full;
  return !full;
}

void admission::leave(clock::time_point now) {
  const std::lock_guard lock(mutex_);
  --inside_;
  measure(now);
}

void admission::served() {
  const std::lock_guard lock(mutex_);
  ++window_.served;
}

/// At the end of a window learns from it what rate there can be. What was reached can be reached; that more
/// cannot be shows only where there was work enough all the time.
void admission::measure(clock::time_point now) {
  window_.was_empty = window_.was_empty || inside_ == 0;
  const auto length = now - window_.since;
  if (length < window_length)
    return;
  const bool enough = inside_ >= how_.always;
  const bool told = !window_.was_empty && window_.served > 0 &&
                    (window_.turned_away || (window_.began_with_enough && enough));
  const double newest = static_cast<double>(window_.served) / std::chrono::duration<double>(length).count();
  if (rate_ && (told || newest > *rate_))
    *rate_ += weight_of_newest * (newest - *rate_);
  else if (told)
    rate_ = newest;
  window_ = {now, 0, enough, false, false};
}

} // namespace winnow
