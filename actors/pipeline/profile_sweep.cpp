#include "actors/pipeline/profile_sweep.hpp"

#include <utility>

namespace winnow {

namespace {

// Sweeps triggered by removed profiles take at most 1 / rest_factor of the time.
constexpr int rest_factor = 20;

} // namespace

bool profile_sweep::tracked(bool live) {
  return std::exchange(tracked_, live) != live;
}

bool profile_sweep::is_due(clock::time_point now) const {
  const auto interval = tracked_ ? settings_.sweep_interval : settings_.poll_interval;
  const auto since = now - began_;
  return missed_ || since >= interval || (older_wanted_ && since >= took_ * rest_factor);
}

void profile_sweep::begin(clock::time_point now) {
  under_way_ = true;
  missed_ = older_wanted_ = false;
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
