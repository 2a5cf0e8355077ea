#include "tools/winnow-bookshop/live/bestsellers.hpp"

#include <algorithm>
#include <numeric>

namespace winnow {

bestsellers::bestsellers(std::size_t books) : order_(books), place_(books), sales_(books, 0) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::iota(place_.begin(), place_.end(), std::size_t{0});
}

void bestsellers::sold(std::uint32_t book) {
  // The book changes places with the first of those that sold as often as it did: nothing else moves.
  const auto before = sales_[book]++;
  const auto first =
      std::partition_point(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(place_[book]),
                           [&](std::uint32_t other) { return sales_[other] > before; });
  const auto target = static_cast<std::size_t>(first - order_.begin());
  const auto other = order_[target];
  std::swap(order_[target], order_[place_[book]]);
  std::swap(place_[book], place_[other]);
}

std::vector<std::uint32_t> bestsellers::top(std::size_t count,
                                            const std::function<bool(std::uint32_t)>& passes) const {
  std::vector<std::uint32_t> found;
  for (auto at = order_.begin(); at != order_.end() && found.size() < count; ++at)
    if (passes(*at))
      found.push_back(*at);
  return found;
}

} // namespace winnow
