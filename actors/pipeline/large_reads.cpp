#include "actors/pipeline/large_reads.hpp"

#include <utility>

namespace winnow {

namespace {

// The newest turn counts for this part of the average.
constexpr int newest_part = 4;

} // namespace

large_reads::clock::duration large_reads::expected_wait() const {
  return usual_ * (static_cast<int>(waiting_.size()) + (taken_ ? 1 : 0));
}

void large_reads::add(std::function<void(const turn&)> work) {
  waiting_.push_back(std::move(work));
  run();
}

/// A loop, because a turn may end before its work returns.
void large_reads::run() {
  if (std::exchange(running_, true))
    return;
  while (!taken_ && !waiting_.empty()) {
    taken_ = true;
    const auto work = std::move(waiting_.front());
    waiting_.pop_front();
    work(turn(nullptr, [weak = weak_from_this(), began = clock::now()](const void*) {
      if (const auto reads = weak.lock())
        reads->end(began);
    }));
  }
  running_ = false;
}

void large_reads::end(clock::time_point began) {
  usual_ += (clock::now() - began - usual_) / newest_part;
  taken_ = false;
  run();
}

} // namespace winnow
