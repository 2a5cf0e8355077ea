#pragma once

#include "redis/records/keys.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

namespace winnow {

/// Profiles that a sweep has found outdated. They are removed in pages, each of which is one pipeline.
class outdated_profiles {
public:
  static constexpr std::size_t page_size = 1000;

  /// @param most How many may wait. What a sweep finds beyond it is left to the next one.
  explicit outdated_profiles(std::size_t most = 100'000) : most_(most) {}

  void begin_sweep() {
    found_.clear();
    found_more_ = false;
  }
  void found(const profile_key& key) {
    if (found_.size() < most_)
      found_.push_back(key);
    else
      found_more_ = true;
  }
  /// What still waits from the sweep before was found again.
  /// @param is_outdated Whether a profile that was found is to be removed, now that the newest ones are
  /// known.
  template<class Predicate>
  void finish_sweep(Predicate is_outdated) {
    waiting_ = std::exchange(found_, {});
    waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), std::not_fn(is_outdated)),
                   waiting_.end());
    more_ = std::exchange(found_more_, false);
  }

  /// Removes the next page from what waits.
  std::vector<profile_key> take() {
    const auto count = std::min(page_size, waiting_.size());
    const auto first = waiting_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<profile_key> page(std::make_move_iterator(first), std::make_move_iterator(waiting_.end()));
    waiting_.erase(first, waiting_.end());
    return page;
  }

  /// Whether nothing waits any more, but the sweep had found more than may wait. True once a sweep.
  bool wants_sweep() { return waiting_.empty() && std::exchange(more_, false); }

  /// Leaves what waits to the next sweep.
  void drop() {
    waiting_.clear();
    more_ = false;
  }

private:
  std::size_t most_;
  std::vector<profile_key> found_; ///< By the sweep in progress.
  std::vector<profile_key> waiting_;
  bool found_more_ = false;
  bool more_ = false; ///< The same, of the last complete sweep.
};

} // namespace winnow
