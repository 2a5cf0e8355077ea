#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>

namespace winnow {

/// Lets one large profile after the other be read for requests. A value of megabytes that is read takes the
/// connection of the background work, and not that of the requests, and there is one at a time, so that large
/// values neither hold up the replies to other requests nor fill the memory. Used by the recommender's thread
/// alone.
class large_reads : public std::enable_shared_from_this<large_reads> {
public:
  using clock = std::chrono::steady_clock;

  /// The turn of one profile. It ends when the last copy is destroyed.
  using turn = std::shared_ptr<const void>;

  /// How long a new profile would probably wait for its turn.
  clock::duration expected_wait() const;

  /// Runs `work` at once or in its turn. What waits when the recommender ends is destroyed.
  void add(std::function<void(const turn&)> work);

  /// Drops what waits.
  void abandon() { waiting_.clear(); }

private:
  void run();
  void end(clock::time_point began);

  std::deque<std::function<void(const turn&)>> waiting_;
  clock::duration usual_{}; ///< Moving average of what a turn takes.
  bool taken_ = false;      ///< It is somebody's turn.
  bool running_ = false;    ///< `run` is on the stack.
};

} // namespace winnow
