#pragma once

#include <chrono>
#include <cstdint>
#include <gsl/span>
#include <mutex>
#include <string_view>

namespace winnow {

/// An item and its score at a place of a list.
struct placed_item {
  std::string_view id;
  float score = 0;
};

/// How the shadow's list differs from the one that was served.
struct list_difference {
  double overlap = 0; ///< Of the first 20 items, the share that both have.
  double score = 0;   ///< Mean distance of both scores of the items that both lists have at all; 0 if none.
};

list_difference compare_lists(gsl::span<const placed_item> served, gsl::span<const placed_item> shadow);

/// What the shadow did since it began, or the daemon started. Thread-safe.
class shadow_record {
public:
  /// Means over the lists that were compared.
  struct totals {
    std::uint64_t compared = 0, dropped = 0, failed = 0;
    double overlap = 0, score = 0;
    double served_seconds = 0, shadow_seconds = 0; ///< In the queues and in the stages.
  };

  void compared(const list_difference& difference, std::chrono::nanoseconds served_took,
                std::chrono::nanoseconds shadow_took);
  void dropped();
  void failed();
  totals so_far() const;

private:
  mutable std::mutex mutex_; ///< Guards what follows.
  totals sums_;
};

} // namespace winnow
