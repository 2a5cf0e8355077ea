#include "config/system/uniform_random.hpp"

#include <random>

namespace winnow {

random_function uniform_random() {
  return [engine = std::minstd_rand(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
  };
}

} // namespace winnow
