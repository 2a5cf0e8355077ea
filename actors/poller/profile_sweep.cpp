#include "actors/poller/profile_sweep.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

// Sweeps triggered by removed profiles take at most 1 / rest_factor of the time.
constexpr int rest_factor = 20;

// The first distance of a sweep for lost announcements, unless the store is polled more often, and how many
// times longer the longest one is. A change is then found soon, yet a connection that breaks all the time
// costs a sixteenth of what the sweeps of a store cost that announces nothing.
constexpr std::chrono::milliseconds first_distance_limit{1000};
constexpr int longest_factor = 16;

} // namespace

bool profile_sweep::tracked(bool live, clock::time_point now) {
  const bool changes = std::exchange(tracked_, live) != live;
  if (changes && !live)
    untracked_since_ = now;
  return changes;
}

void profile_sweep::announcements_lost(clock::time_point now) {
  if (last_loss_ && now - *last_loss_ >= longest_distance())
    distance_ = {};
  last_loss_ = now;
  lost_ = true;
}

bool profile_sweep::is_overdue(clock::time_point now) const {
  return missed_ || (lost_ && now >= began_ + took_ + distance_);
}

std::chrono::milliseconds profile_sweep::longest_distance() const noexcept {
  return std::min(first_distance() * longest_factor, settings_.sweep_interval);
}

std::chrono::milliseconds profile_sweep::first_distance() const noexcept {
  return std::min({settings_.poll_interval, settings_.sweep_interval, first_distance_limit});
}

bool profile_sweep::is_due(clock::time_point now) const {
  const auto since = now - began_;
  // A store whose announcements only pause, until it is connected again, is not swept for it.
  const bool due = tracked_ ? since >= settings_.sweep_interval
                            : now - std::max(began_, untracked_since_) >= settings_.poll_interval;
  return is_overdue(now) || due || (older_wanted_ && since >= took_ * rest_factor);
}

void profile_sweep::begin(clock::time_point now) {
  under_way_ = true;
  missed_ = older_wanted_ = false;
  if (std::exchange(lost_, false))
    distance_ = std::min(std::max(distance_ * 2, first_distance()), longest_distance());
  began_ = now;
}

profile_sweep::clock::duration profile_sweep::finish(clock::time_point now) {
  under_way_ = false;
  problem_.clear();
  took_ = now - began_;
  return took_;
}

void profile_sweep::break_off() noexcept {
  under_way_ = false;
  missed_ = true;
}

bool profile_sweep::note_problem(const std::string& reason) {
  return std::exchange(problem_, reason) != reason;
}

} // namespace winnow
