#include "models/recall/sort_best.hpp"

#include "models/recall/good_limit.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace winnow {

namespace {

// Counting takes quadratic time; for lists longer than about this, sorting is faster.
constexpr std::size_t most_counted = 1024;

/// Removes items that are not among the `keep` best, but not all of them.
void drop_beaten(std::vector<scored_item>& items, std::size_t keep) {
  std::array<float, most_counted> scores;
  for (std::size_t i = 0; i < items.size(); ++i)
    scores[i] = items[i].score;
  const float limit = good_limit_of({scores.data(), items.size()}, keep);
  std::size_t left = 0;
  for (std::size_t i = 0; i < items.size(); ++i) { // a branch would be unpredictable
    items[left] = items[i];
    left += scores[i] < limit ? 0 : 1;
  }
  items.resize(left);
}

void sort_by_comparing(std::vector<scored_item>& items, std::size_t keep) {
  const auto end = items.begin() + static_cast<std::ptrdiff_t>(keep);
  // Faster than std::partial_sort, which keeps a heap.
  std::nth_element(items.begin(), end, items.end(), ranks_before);
  std::sort(items.begin(), end, ranks_before);
}

/// Orders items of equal score, which are adjacent, by their index.
void order_equals(std::vector<scored_item>& items) {
  for (auto first = items.begin(); first != items.end();) {
    const auto last =
        std::find_if(first, items.end(), [&](const scored_item& one) { return one.score != first->score; });
    if (last - first > 1)
      std::sort(first, last, ranks_before);
    first = last;
  }
}

void sort_by_counting(std::vector<scored_item>& items) {
  std::array<float, most_counted> scores;
  std::array<std::uint32_t, most_counted> better;
  std::array<scored_item, most_counted> given;
  std::array<bool, most_counted> taken{};
  std::copy(items.begin(), items.end(), given.begin());
  for (std::size_t i = 0; i < items.size(); ++i)
    scores[i] = items[i].score;
  // Pads with a value that is greater than no score.
  constexpr std::size_t vector = 16;
  const std::size_t padded = (items.size() + vector - 1) / vector * vector;
  std::fill(scores.begin() + items.size(), scores.begin() + padded, -std::numeric_limits<float>::infinity());
  kernels::count_greater(scores.data(), padded, better.data());
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::size_t place = better[i];
    while (taken[place]) // by an item of the same score
      ++place;
    taken[place] = true;
    items[place] = given[i];
  }
  order_equals(items);
}

} // namespace

void sort_best(std::vector<scored_item>& items, std::size_t keep) {
  keep = std::min(keep, items.size());
  if (items.size() > most_counted) {
    sort_by_comparing(items, keep);
  } else {
    if (keep > 0 && items.size() > keep + keep / 4)
      drop_beaten(items, keep);
    sort_by_counting(items);
  }
  items.resize(keep);
}

} // namespace winnow
