#include "actors/runtime/restart_history.hpp"

#include <algorithm>

namespace winnow {

restart_history::restart_history(const restart_policy& policy, random_function random)
    : policy_(policy), random_(random ? std::move(random) : uniform_random()) {}

restart_history::verdict restart_history::died(clock::time_point now) {
  deaths_.push_back(now);
  while (now - deaths_.front() > policy_.window)
    deaths_.pop_front();
  in_a_row_ = now < calm_at_ ? in_a_row_ + 1 : 1;
  verdict decision;
  decision.deaths = deaths_.size();
  decision.exhausted = decision.deaths > policy_.intensity || now < on_trial_until_;
  decision.pause = next_pause();
  calm_at_ = now + decision.pause + policy_.window;
  if (decision.exhausted)
    on_trial_until_ = calm_at_;
  return decision;
}

/// Returns the next pause: it doubles with each death in a row, is randomly extended by up to half, so that
/// actors that died together do not restart together, and is at most the longest pause.
std::chrono::milliseconds restart_history::next_pause() {
  constexpr std::size_t enough_doublings = 20;
  const auto doubled = policy_.first_pause * (1 << std::min(in_a_row_ - 1, enough_doublings));
  const std::chrono::duration<double, std::milli> drawn = doubled * (1.0 + random_() / 2);
  return std::min(std::chrono::duration_cast<std::chrono::milliseconds>(drawn), policy_.longest_pause);
}

void restart_history::forget() {
  deaths_.clear();
  in_a_row_ = 0;
  on_trial_until_ = calm_at_ = {};
}

} // namespace winnow
