#include "models/catalogue/stored_rows.hpp"

#include "models/kernels/half_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

gsl::span<const float> stored_rows::part(std::size_t at, std::size_t first, gsl::span<float> room) const {
  const std::size_t begin = at * width_ + first;
  if (!is_half_)
    return {floats_.data() + begin, room.size()};
  kernels::widen(halves_.data() + begin, room.size(), unit_, room.data());
  return room;
}

stored_rows stored_rows::halved() const {
  float highest = 0;
  for (const float value : floats_)
    highest = std::max(highest, std::abs(value));
  constexpr int greatest = 14, least = -125; // exponents: of the largest half, and of a normal unit
  const float unit = highest > 0 ? std::ldexp(1.0f, std::max(std::ilogb(highest) - greatest, least)) : 1.0f;
  std::vector<std::uint16_t> halves(floats_.size());
  // Larger numbers would round to a power of two that floats do not have.
  constexpr float largest = 0x1.ffcp127f;
  std::transform(floats_.begin(), floats_.end(), halves.begin(),
                 [&](float value) { return kernels::to_half(std::clamp(value, -largest, largest) / unit); });
  return {width_, std::move(halves), unit};
}

} // namespace winnow
