#include "actors/runtime/costly_work.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

// A rest takes this many times as long as the work before it.
constexpr int rest_factor = 4;

// The newest piece counts for this part of the average.
constexpr int newest_part = 4;

} // namespace

costly_work::clock::duration costly_work::expected_wait() const {
  const auto ahead = static_cast<int>(waiting_.size()) + (resting_ ? 1 : 0);
  return usual_ * (1 + rest_factor) * ahead;
}

void costly_work::add(std::function<void()> work) {
  waiting_.push_back(std::move(work));
  if (!resting_)
    run_next();
}

void costly_work::rested() {
  resting_ = false;
  if (!waiting_.empty())
    run_next();
}

void costly_work::run_next() {
  const auto work = std::move(waiting_.front());
  waiting_.pop_front();
  resting_ = true; // also for what the work itself may add
  const auto begin = clock::now();
  work();
  const auto took = clock::now() - begin;
  usual_ += (took - usual_) / newest_part;
  rest_(std::chrono::ceil<std::chrono::milliseconds>(took * rest_factor));
}

} // namespace winnow
