#include "models/transitions/learned_transitions.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace winnow {

namespace {

bool before(const transition_gain& a, const transition_gain& b) {
  return std::tie(a.item, a.next) < std::tie(b.item, b.next);
}

/// Gains in the order of the pages that they belong to, and each page's in order.
struct gains_by_page {
  std::vector<transition_gain> gains;
  std::vector<std::uint32_t> ends; ///< By page: the end of its gains.
};

/// Deals the gains out to their pages first: sorting a page's few gains stays in the cache, where sorting
/// millions does not, and takes a third of the time.
gains_by_page by_page(gsl::span<const transition_gain> unsorted, std::size_t page_items) {
  std::uint32_t last = 0;
  for (const auto& gain : unsorted)
    last = std::max(last, gain.item);
  std::vector<std::uint32_t> places(last / page_items + 2, 0); // where the next gain of a page goes
  for (const auto& gain : unsorted)
    ++places[gain.item / page_items + 1];
  std::partial_sum(places.begin(), places.end(), places.begin());
  gains_by_page sorted;
  sorted.gains.resize(unsorted.size());
  for (const auto& gain : unsorted)
    sorted.gains[places[gain.item / page_items]++] = gain;
  places.pop_back();
  sorted.ends = std::move(places);
  auto begin = sorted.gains.begin();
  for (const auto end : sorted.ends) {
    const auto page_end = sorted.gains.begin() + end;
    std::sort(begin, page_end, [](const auto& a, const auto& b) { return before(a, b); });
    begin = page_end;
  }
  return sorted;
}

bool lower_index(const scored_item& a, const scored_item& b) {
  return a.item < b.item;
}

/// Appends the sum of two lists in ascending order; of the result, the heaviest `most` stay.
/// @param gains Of one item; the same successor may occur several times.
void add_up(gsl::span<const scored_item> old, gsl::span<const transition_gain> gains, std::size_t most,
            std::vector<scored_item>& into) {
  const auto first = static_cast<std::ptrdiff_t>(into.size());
  auto kept = old.begin();
  for (auto gain = gains.begin(); gain != gains.end();) {
    const auto next = gain->next;
    for (; kept != old.end() && kept->item < next; ++kept)
      into.push_back(*kept);
    scored_item sum{next, 0.0f};
    if (kept != old.end() && kept->item == next)
      sum.score = (kept++)->score;
    for (; gain != gains.end() && gain->next == next; ++gain)
      sum.score += gain->weight;
    into.push_back(sum);
  }
  into.insert(into.end(), kept, old.end());
  const auto begin = into.begin() + first;
  if (static_cast<std::size_t>(into.end() - begin) <= most)
    return;
  const auto end = begin + static_cast<std::ptrdiff_t>(most);
  std::nth_element(begin, end, into.end(), ranks_before);
  into.erase(end, into.end());
  std::sort(into.begin() + first, into.end(), lower_index);
}

} // namespace

transition_pages::page transition_pages::merged(const page* old, gsl::span<const transition_gain> gains,
                                                std::size_t most_successors) {
  page sum;
  sum.successors.reserve((old == nullptr ? 0 : old->successors.size()) + gains.size());
  std::size_t at = 0;
  for (std::size_t slot = 0; slot < page_items; ++slot) {
    const auto first = at;
    while (at < gains.size() && gains[at].item % page_items == slot)
      ++at;
    add_up(old == nullptr ? gsl::span<const scored_item>() : old->after(slot),
           gains.subspan(first, at - first), most_successors, sum.successors);
    sum.ends[slot + 1] = static_cast<std::uint32_t>(sum.successors.size());
  }
  sum.successors.shrink_to_fit();
  return sum;
}

transition_pages transition_pages::with(const std::vector<transition_gain>& gains,
                                        std::size_t most_successors) const {
  transition_pages next = *this;
  if (gains.empty())
    return next;
  const auto sorted = by_page(gains, page_items);
  next.pages_.resize(std::max(next.pages_.size(), sorted.ends.size()));
  std::size_t first = 0;
  for (std::size_t at = 0; at < sorted.ends.size(); ++at) {
    const auto end = sorted.ends[at];
    if (first == end)
      continue;
    const page* const old = next.pages_[at].get();
    const std::size_t length = old == nullptr ? 0 : old->successors.size();
    auto sum = std::make_shared<const page>(
        merged(old, gsl::span(sorted.gains).subspan(first, end - first), most_successors));
    next.size_ = next.size_ - length + sum->successors.size();
    next.pages_[at] = std::move(sum);
    first = end;
  }
  return next;
}

transition_pages transition_pages::scaled(float factor) const {
  transition_pages next = *this;
  for (auto& one : next.pages_)
    if (one) {
      auto other = std::make_shared<page>(*one);
      for (auto& successor : other->successors)
        successor.score *= factor;
      one = std::move(other);
    }
  return next;
}

transition_pages transition_pages::without_lightest(double share) const {
  if (size_ == 0)
    return *this;
  const float least = weight_at(share);
  std::size_t lighter = 0;
  for (const auto& one : pages_)
    if (one)
      for (const auto& successor : one->successors)
        lighter += successor.score < least ? 1U : 0U;
  // Many may weigh the same; of those, only as many are dropped as the share says.
  const auto wanted = static_cast<std::size_t>(share * static_cast<double>(size_));
  auto equal_left = wanted > lighter ? wanted - lighter : 0;
  transition_pages next = *this;
  next.size_ = 0;
  for (auto& one : next.pages_) {
    if (!one)
      continue;
    one = std::make_shared<const page>(one->without_lighter(least, equal_left));
    next.size_ += one->successors.size();
  }
  return next;
}

/// Estimates from a sample the weight that a share of all transitions is lighter than. There must be some.
float transition_pages::weight_at(double share) const {
  constexpr std::size_t sampled = 10'000;
  const std::size_t step = std::max<std::size_t>(size_ / sampled, 1);
  std::vector<float> weights;
  std::size_t at = 0; // in the page, of the next one to sample
  for (const auto& one : pages_) {
    if (!one)
      continue;
    for (; at < one->successors.size(); at += step)
      weights.push_back(one->successors[at].score);
    at -= one->successors.size();
  }
  const auto place =
      std::min(static_cast<std::size_t>(share * static_cast<double>(weights.size())), weights.size() - 1);
  std::nth_element(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(place), weights.end());
  return weights[place];
}

/// Returns the page without what weighs less than `least`, and without the first `equal_left` transitions
/// that weigh just that; counts those down. Every transition is written, and the next one over it if it is
/// dropped: no branch depends on the weights, which nobody could foretell.
transition_pages::page transition_pages::page::without_lighter(float least, std::size_t& equal_left) const {
  page left;
  left.successors.resize(successors.size());
  std::size_t kept = 0;
  for (std::size_t slot = 0; slot < page_items; ++slot) {
    for (const auto& successor : after(slot)) {
      left.successors[kept] = successor;
      const bool is_equal = successor.score == least && equal_left > 0;
      equal_left -= is_equal ? 1U : 0U;
      kept += successor.score < least || is_equal ? 0U : 1U;
    }
    left.ends[slot + 1] = static_cast<std::uint32_t>(kept);
  }
  left.successors.resize(kept);
  left.successors.shrink_to_fit();
  return left;
}

} // namespace winnow
