#pragma once

#include "redis/records/keys.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace winnow {

/// Background work reads large profiles one after the other, so that a store full of them does not fill the
/// memory: what is in flight are at most one large profile, and small ones. A profile proves to be large when
/// it is read; then it waits here and is read again, whole, in its turn.
class large_profiles {
public:
  /// Queues a profile that is large.
  void add(profile_key key) { waiting_.push_back(std::move(key)); }

  /// Returns the next profile, if none is in flight. It is in flight until `done`.
  std::optional<profile_key> next() {
    if (in_flight_ || waiting_.empty())
      return std::nullopt;
    in_flight_ = std::move(waiting_.front());
    waiting_.pop_front();
    return in_flight_;
  }

  /// Called for every profile, large or not, whose work has ended.
  void done(const profile_key& key) {
    if (in_flight_ && *in_flight_ == key)
      in_flight_.reset();
  }

  std::size_t waiting() const noexcept { return waiting_.size(); }

private:
  std::deque<profile_key> waiting_;
  std::optional<profile_key> in_flight_;
};

} // namespace winnow
