#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>

namespace winnow {

/// When a piece of work must end, if there is a limit at all.
class time_limit {
public:
  using clock = std::chrono::steady_clock;

  time_limit() = default; ///< No limit.
  explicit time_limit(clock::time_point end) : end_(end) {}

  bool is_set() const noexcept { return end_.has_value(); }

  /// How many pieces of work that take `each` fit into the time left.
  std::size_t fits(clock::duration each) const {
    if (!end_ || each.count() <= 0)
      return std::numeric_limits<std::size_t>::max();
    const auto left = *end_ - clock::now();
    return left.count() <= 0 ? 0 : static_cast<std::size_t>(left / each);
  }

  /// A limit that leaves the other part of the time left to what follows. @param part 0 to 1.
  time_limit share(double part) const {
    if (!end_)
      return {};
    const auto now = clock::now();
    return time_limit(now + std::chrono::duration_cast<clock::duration>((*end_ - now) * part));
  }

private:
  std::optional<clock::time_point> end_;
};

} // namespace winnow
