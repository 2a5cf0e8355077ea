#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace winnow {

/// How often each item was taken lately: an event counts 1, and half as much each time that `half_life` more
/// events have happened, whatever their items. The clock is the events themselves, so that the counts mean
/// the same in busy and in quiet times, do not fade while nothing is known to happen, and add up to about
/// 1.44 half-lives.
///
/// New events weigh more (as in Cormode et al. 2009, "Forward decay"), so that an event touches one item.
class fading_counts {
public:
  /// @param half_life In events; positive. @param counts Of each item, now.
  explicit fading_counts(double half_life, std::vector<float> counts = {});

  /// An event has happened.
  void advance();
  /// The latest event took this item. It is one of `size()`.
  void add(std::size_t item) { weights_[item] += static_cast<float>(growth_); }
  /// More items, which were never taken.
  void grow(std::size_t items) { weights_.resize(items); }

  std::size_t size() const noexcept { return weights_.size(); }
  float of(std::size_t item) const { return static_cast<float>(weights_[item] / growth_); }
  /// The counts of all items.
  std::vector<float> now() const;

private:
  std::vector<float> weights_; ///< Counts times `growth_`.
  double growth_ = 1;          ///< What an event counts now.
  double step_;                ///< Growth from event to event.
};

} // namespace winnow
