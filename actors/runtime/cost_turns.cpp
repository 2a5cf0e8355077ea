#include "actors/runtime/cost_turns.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace winnow {

namespace {

// For each byte of its own, a piece lets those pass that come later by this much: about ten times what the
// byte costs.
constexpr std::chrono::nanoseconds patience_per_byte{250};

// The same for all work for which nobody waits.
constexpr std::chrono::milliseconds background_patience{200};

// The newest piece counts for this part of the average.
constexpr double newest_part = 0.25;

} // namespace

cost_turns::clock::time_point cost_turns::place_of(cost of, clock::time_point now) {
  return now + patience_per_byte * static_cast<std::int64_t>(of.bytes) +
         (of.background ? background_patience : std::chrono::milliseconds::zero());
}

cost_turns::clock::duration cost_turns::expected_wait(cost of, clock::time_point now) const {
  std::size_t bytes = taken_.value_or(0);
  const auto end = waiting_.upper_bound(place_of(of, now));
  for (auto one = waiting_.begin(); one != end; ++one)
    bytes += one->second.takes.bytes;
  const auto left_of_rest = resting_until_ ? *resting_until_ - now : clock::duration::zero();
  return std::max(left_of_rest, clock::duration::zero()) +
         std::chrono::duration_cast<clock::duration>(
             std::chrono::duration<double>(usual_ * (1 + pauses_.factor) * static_cast<double>(bytes)));
}

void cost_turns::add(piece added, clock::time_point now) {
  const auto place = place_of(added.takes, now);
  waiting_.emplace(place, std::move(added));
  run();
}

void cost_turns::abandon() {
  abandoned_ = true;
  const auto dropped = std::exchange(waiting_, {}); // what they hold may end other turns as it is destroyed
}

/// A loop, because a turn may end before its work returns.
void cost_turns::run() {
  if (std::exchange(running_, true))
    return;
  while (!taken_ && !resting_until_ && !waiting_.empty()) {
    const auto next = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    if (!next.wanted())
      continue;
    const auto bytes = std::max<std::size_t>(next.takes.bytes, 1);
    taken_ = bytes;
    // The pointer only tells a turn from none. Nothing reads through it.
    next.work(turn(this, [weak = weak_from_this(), bytes, began = clock::now()](const void*) {
      if (const auto turns = weak.lock())
        turns->end(bytes, clock::now() - began);
    }));
  }
  running_ = false;
}

void cost_turns::end(std::size_t bytes, clock::duration took) {
  if (abandoned_)
    return;
  const double each = std::chrono::duration<double>(took).count() / static_cast<double>(bytes);
  usual_ = usual_ > 0 ? usual_ + (each - usual_) * newest_part : each;
  taken_.reset();
  if (pauses_.factor > 0) {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(took * pauses_.factor);
    resting_until_ = clock::now() + rest;
    pauses_.rest(rest, [weak = weak_from_this()] {
      if (const auto turns = weak.lock())
        turns->rested();
    });
  }
  run();
}

void cost_turns::rested() {
  resting_until_.reset();
  run();
}

} // namespace winnow
