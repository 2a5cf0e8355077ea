#include "models/training/l2_comparison.hpp"

#include "models/training/lightgcn_validation.hpp"

namespace winnow {

std::optional<double> l2_comparison::run() {
  constexpr double most = 8; // a range of 64
  const auto usual = trainer_.l2();
  improves(usual);
  for (double l2 = 2 * usual; l2 <= most * usual && improves(l2);)
    l2 *= 2;
  if (best_l2_ == usual)
    for (double l2 = usual / 2; l2 >= usual / most && improves(l2);)
      l2 /= 2;
  trainer_.restore(stopped_ ? begin_ : best_state_);
  trainer_.use_l2(stopped_ ? usual : best_l2_);
  if (stopped_)
    return std::nullopt;
  return best_recall_;
}

bool l2_comparison::improves(double l2) {
  trainer_.restore(begin_);
  trainer_.use_l2(l2);
  for (std::size_t epoch = 1; epoch <= epochs && !stopped_; ++epoch)
    stopped_ = !trainer_.run_epoch([&](std::size_t done, std::size_t total) {
      return observer_.step(epoch, done, total);
    }) || observer_.wants_state();
  if (stopped_)
    return false;
  const auto recall = validation_recall(trainer_.propagated(), data_, options_, team_);
  observer_.note(in_digits("LightGCN with L2", l2) + in_digits(": validation recall", recall) + " after " +
                 std::to_string(epochs) + " epochs");
  if (recall <= best_recall_)
    return false;
  best_recall_ = recall;
  best_l2_ = l2;
  best_state_ = trainer_.save();
  return true;
}

} // namespace winnow
