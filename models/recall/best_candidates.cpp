#include "models/recall/best_candidates.hpp"

#include "models/kernels/recall_kernels.hpp"
#include "models/recall/good_limit.hpp"
#include "models/recall/sort_best.hpp"

#include <algorithm>
#include <limits>

namespace winnow {

namespace {

constexpr float lowest = -std::numeric_limits<float>::infinity();

} // namespace

void best_candidates::reset(std::size_t k) {
  k_ = k;
  size_ = 0;
  limit_ = k == 0 ? std::numeric_limits<float>::infinity() : lowest;
  const std::size_t room = 3 * k + 128; // a cut costs O(room), so it should be rare
  if (items_.size() < room) {
    items_.resize(room);
    upper_.resize(room);
    lower_.resize(room);
  }
}

void best_candidates::expect(gsl::span<const float> lower, std::size_t not_counted) {
  const std::size_t wanted = k_ + not_counted;
  const auto leads_from = [&](float limit) {
    return kernels::count_not_below(lower.data(), lower.size(), limit);
  };
  const auto all_from = [&](float limit) {
    return kernels::count_not_below(lower_.data(), size_, limit) + leads_from(limit);
  };
  // Late in a large table few values reach the limit: they would raise it too little to pay for the search.
  const bool worth_it = 4 * leads_from(limit_) >= wanted;
  if (k_ > 0 && worth_it && all_from(limit_) >= wanted)
    limit_ = good_limit(
        wanted, limit_,
        std::max(kernels::greatest(lower.data(), lower.size()), kernels::greatest(lower_.data(), size_)),
        all_from);
}

void best_candidates::cut() {
  if (size_ >= k_ && k_ > 0)
    limit_ = good_limit_of({lower_.data(), size_}, k_, limit_);
  std::size_t left = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    items_[left] = items_[i];
    lower_[left] = lower_[i];
    const float upper = upper_[i];
    upper_[left] = upper;
    left += !(upper < limit_);
  }
  size_ = left;
  if (size_ > items_.size() - items_.size() / 4) {
    items_.resize(2 * items_.size());
    upper_.resize(items_.size());
    lower_.resize(items_.size());
  }
}

/// Scores the candidates for which `wanted` is true. A branch would be unpredictable, so each candidate is
/// written, and the next one overwrites it if it is not wanted.
template<class Wanted>
void best_candidates::score(const embedding_table& table, gsl::span<const float> query,
                            const Wanted& wanted) {
  const std::size_t before = found_.size();
  found_.resize(before + size_);
  rows_.resize(size_);
  std::size_t count = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    rows_[count] = table.row(items_[i]).data();
    found_[before + count] = {items_[i], 0};
    count += wanted(i) ? 1U : 0U;
  }
  found_.resize(before + count);
  scores_.resize(found_.size());
  kernels::multiply_rows(query.data(), query.size(), rows_.data(), count, scores_.data() + before);
  for (std::size_t i = before; i < found_.size(); ++i)
    found_[i].score = scores_[i];
}

const std::vector<scored_item>& best_candidates::finish(const embedding_table& table,
                                                        gsl::span<const float> query) {
  cut();
  found_.clear();
  scores_.clear();
  // First the candidates that lead by their lower bounds: their exact scores rule out many of the others.
  const float leads = limit_;
  score(table, query, [&](std::size_t i) { return lower_[i] >= leads; });
  if (found_.size() >= k_ && k_ > 0)
    limit_ = good_limit_of(scores_, k_, limit_);
  score(table, query, [&](std::size_t i) { return !(lower_[i] >= leads) && !(upper_[i] < limit_); });
  found_.erase(std::remove_if(found_.begin(), found_.end(),
                              [](const scored_item& entry) { return !(entry.score > lowest); }),
               found_.end());
  sort_best(found_, k_);
  return found_;
}

} // namespace winnow
