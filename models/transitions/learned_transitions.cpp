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
  constexpr std::size_t sampled = 10'000;
  std::vector<float> weights;
  const std::size_t step = std::max<std::size_t>(size_ / sampled, 1);
  std::size_t at = 0;
  for_each([&](std::uint32_t, gsl::span<const scored_item> successors) {
    for (const auto& successor : successors)
      if (at++ % step == 0)
        weights.push_back(successor.score);
  });
  if (weights.empty())
    return *this;
  const auto place =
      std::min(static_cast<std::size_t>(share * static_cast<double>(weights.size())), weights.size() - 1);
  std::nth_element(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(place), weights.end());
  const float least = weights[place];
  std::size_t lighter = 0;
  for_each([&](std::uint32_t, gsl::span<const scored_item> successors) {
    lighter += static_cast<std::size_t>(
        std::count_if(successors.begin(), successors.end(),
                      [&](const scored_item& successor) { return successor.score < least; }));
  });
  // Many may weigh the same; of those, only as many are dropped as the share says.
  const auto wanted = static_cast<std::size_t>(share * static_cast<double>(size_));
  auto equal_left = wanted > lighter ? wanted - lighter : 0;
  const auto is_dropped = [&](float weight) {
    if (weight != least || equal_left == 0)
      return weight < least;
    --equal_left;
    return true;
  };
  transition_pages next = *this;
  next.size_ = 0;
  for (auto& one : next.pages_) {
    if (!one)
      continue;
    auto left = std::make_shared<page>();
    for (std::size_t slot = 0; slot < page_items; ++slot) {
      for (const auto& successor : one->after(slot))
        if (!is_dropped(successor.score))
          left->successors.push_back(successor);
      left->ends[slot + 1] = static_cast<std::uint32_t>(left->successors.size());
    }
    left->successors.shrink_to_fit();
    next.size_ += left->successors.size();
    one = std::move(left);
  }
  return next;
}

} // namespace winnow
