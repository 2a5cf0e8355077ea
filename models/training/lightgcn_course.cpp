#include "models/training/lightgcn_course.hpp"

#include <algorithm>

namespace winnow {

namespace {

// A recall is a gain if it exceeds that of the last gain by the first share. It has fallen if it is below the
// best by more than the second: smaller differences may be chance, and the best is the luckiest of many.
constexpr double notable = 0.005, fallen = 0.01;

} // namespace

bool lightgcn_course::has_fallen() const noexcept {
  return state_.last < state_.best * (1 - fallen);
}

bool lightgcn_course::validated(double recall) {
  if (!is_settling()) { // what began it is kept for `restore`
    const bool gains = recall > state_.gained_at * (1 + notable);
    state_.looks = gains ? 0 : state_.looks + 1;
    state_.gained_at = gains ? recall : state_.gained_at;
  }
  const bool is_best = recall > state_.best;
  state_.last = recall;
  state_.best = std::max(state_.best, recall);
  return is_best || (is_settling() && !state_.returned && !has_fallen());
}

bool lightgcn_course::goes_on(std::size_t done, std::size_t fits) {
  const auto left = std::min(done < epochs_ ? epochs_ - done : 0, fits);
  const bool few_are_left = left <= std::min(settling_epochs, done / 3);
  const bool still = stands_still();
  if (is_settling() && !still && !few_are_left) // restored, with more epochs or more time
    state_.settles_from = 0;
  if (left == 0 || (is_settling() && done >= state_.settles_from + settling_epochs))
    return false;
  if (is_settling())
    return true;
  if (settles_ && (still || few_are_left)) {
    state_.settles_from = done;
    state_.returned = has_fallen();
  }
  return !still || is_settling();
}

bool lightgcn_course::is_last(std::size_t epoch) const noexcept {
  return epoch == epochs_ || (is_settling() && epoch == state_.settles_from + settling_epochs);
}

} // namespace winnow
