#pragma once

#include "models/recall/embedding_table.hpp"
#include "models/recall/top_k.hpp"

#include <algorithm>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// Gathers the items that may be among a query's `k` best, going by bounds of their scores, and in the end
/// scores exactly those that still may. Memory is kept from one use to the next.
class best_candidates {
public:
  void reset(std::size_t k);

  /// An item whose score is below this is not among the best.
  float limit() const noexcept { return limit_; }

  /// Raises the limit by lower bounds of items that are yet to be added, each of another item.
  /// @param not_counted How many of them may be of items that will not be.
  void expect(gsl::span<const float> lower, std::size_t not_counted);

  /// @param upper,lower Bounds of the item's score; `upper` may be no number, where nothing is known.
  void add(std::uint32_t item, float upper, float lower) {
    if (size_ == items_.size())
      cut();
    items_[size_] = item;
    upper_[size_] = upper;
    lower_[size_] = lower;
    ++size_;
  }

  /// Adds what another one gathered for the same query, of other items. Its limit holds here as well: so many
  /// items are at least as good.
  void add_all(const best_candidates& other) {
    limit_ = std::max(limit_, other.limit_);
    for (std::size_t i = 0; i < other.size_; ++i)
      if (!(other.upper_[i] < limit_))
        add(other.items_[i], other.upper_[i], other.lower_[i]);
  }

  /// The `k` best of what was added, by their exact scores, in order; fewer only where no more were added.
  /// Scores that are minus infinity or no number do not count. Valid until the next `reset`.
  const std::vector<scored_item>& finish(const embedding_table& table, gsl::span<const float> query);

  const std::vector<scored_item>& found() const noexcept { return found_; } ///< What `finish` found.

private:
  void cut();
  template<class Wanted>
  void score(const embedding_table& table, gsl::span<const float> query, const Wanted& wanted);

  std::size_t k_ = 0;
  float limit_ = 0;
  std::size_t size_ = 0; // of the three below, which are longer
  std::vector<std::uint32_t> items_;
  std::vector<float> upper_, lower_;
  std::vector<const float*> rows_;
  std::vector<float> scores_;
  std::vector<scored_item> found_;
};

} // namespace winnow
