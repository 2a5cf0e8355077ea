#include "models/training/epoch_plan.hpp"

#include <cmath>
#include <numeric>
#include <utility>

namespace winnow {

std::vector<std::uint32_t> shuffled_order(std::size_t count, random_source& random) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  for (auto left = count; left > 1; --left)
    std::swap(order[left - 1], order[random.below(left)]);
  return order;
}

adam_options adam_of_epoch(const adam_options& options, std::size_t epoch, std::size_t epochs) {
  auto now = options;
  const double share = static_cast<double>(epoch) / static_cast<double>(epochs);
  now.learning_rate *= 0.5 * (1 + std::cos(3.141592653589793 * share));
  return now;
}

} // namespace winnow
