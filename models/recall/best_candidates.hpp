#pragma once

#include "models/recall/embedding_table.hpp"
#include "models/recall/top_k.hpp"

#include <algorithm>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// Collects the items that may be among a query's `k` best, judged by bounds of their scores. In the end it
/// computes the exact scores of those that are left. Reuses its memory.
class best_candidates {
public:
  void reset(std::size_t k);

  /// An item whose score is below this is not among the best.
  float limit() const noexcept { return limit_; }

  /// Raises the limit by the lower bounds of items that will be added later, each of a different item.
  /// @param not_counted How many of the bounds may belong to items that will not be added.
  void expect(gsl::span<const float> lower, std::size_t not_counted);

  /// @param upper,lower Bounds of the item's score; `upper` is NaN if nothing is known about it.
  void add(std::uint32_t item, float upper, float lower) {
    if (size_ == items_.size())
      cut();
    items_[size_] = item;
    upper_[size_] = upper;
    lower_[size_] = lower;
    ++size_;
  }

  /// Adds the other items that `other` collected for the same query. Its limit holds here too: `k` items are
  /// at least as good.
  void add_all(const best_candidates& other) {
    limit_ = std::max(limit_, other.limit_);
    for (std::size_t i = 0; i < other.size_; ++i)
      if (!(other.upper_[i] < limit_))
        add(other.items_[i], other.upper_[i], other.lower_[i]);
  }

  /// Returns the `k` best of the added items by their exact scores, in order; fewer only if fewer were added.
  /// Items that score minus infinity or NaN are left out. Valid until the next `reset`.
  const std::vector<scored_item>& finish(const embedding_table& table, gsl::span<const float> query);

  const std::vector<scored_item>& found() const noexcept { return found_; } ///< What `finish` found.

private:
  void cut();
  template<class Wanted>
  void score(const embedding_table& table, gsl::span<const float> query, const Wanted& wanted);

  std::size_t k_ = 0;
  float limit_ = 0;
  std::size_t size_ = 0; // used length of the three vectors below
  std::vector<std::uint32_t> items_;
  std::vector<float> upper_, lower_;
  std::vector<const float*> rows_;
  std::vector<float> scores_;
  std::vector<scored_item> found_;
};

} // namespace winnow
