#include "redis/connection/round_trips.hpp"

#include <algorithm>

namespace winnow {
namespace {

constexpr std::chrono::seconds window_length{1};

// A single late reply may be an accident.
constexpr std::size_t least_replies = 2;

// A server that is not asked any more may be nearer by now.
constexpr std::chrono::seconds forgotten_after{10};

} // namespace

void round_trips::took(clock::duration time, clock::time_point now) {
  if (present_.replies == 0 || now - present_.since >= window_length) {
    past_ = present_;
    present_ = {now};
  }
  present_.quickest = std::min(present_.quickest, time);
  ++present_.replies;
  last_ = now;
}

std::optional<round_trips::clock::duration> round_trips::quickest(clock::time_point now) const {
  if (past_.replies + present_.replies < least_replies || now - last_ >= forgotten_after)
    return std::nullopt;
  return std::min(past_.quickest, present_.quickest);
}

} // namespace winnow
