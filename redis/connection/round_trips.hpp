#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace winnow {

/// Private to this folder: how long the replies of a server took lately. The quickest one counts, because the
/// others may have waited for something else. The caller passes the time. Used by one thread.
class round_trips {
public:
  using clock = std::chrono::steady_clock;

  /// Takes the time of a reply that has come at `now`.
  void took(clock::duration time, clock::time_point now);

  /// The quickest of the last one or two seconds with replies. Nullopt after too few replies to tell, or long
  /// after the last one.
  std::optional<clock::duration> quickest(clock::time_point now) const;

private:
  struct window {
    clock::time_point since{};
    clock::duration quickest = clock::duration::max();
    std::size_t replies = 0;
  };

  window past_;
  window present_;
  clock::time_point last_{}; ///< When the last reply came.
};

} // namespace winnow
