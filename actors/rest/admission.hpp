#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

namespace winnow {

/// The door of the pipeline: keeps count of the requests inside and lets no more in than will be answered
/// soon. By Little's law a request waits for as long as it takes to answer those before it, at the rate at
/// which requests leave; that rate is measured while there is work enough to show what can be done at most.
/// Wherever in the pipeline requests pile up, they count; what one takes that nobody is before, as with a
/// store far away, does not. A queue that stands instead of draining buys nothing but delay, so once requests
/// have been turned away it is kept short until it drains (as in CoDel; Nichols, Jacobson 2012).
/// Thread-safe; time is put in from outside.
class admission {
public:
  using clock = std::chrono::steady_clock;

  struct limits {
    std::size_t always = 64; ///< So many may be inside whatever the rate: workers want full batches.
    std::chrono::nanoseconds longest_wait{};  ///< A request that would wait for longer is turned away.
    std::chrono::nanoseconds standing_wait{}; ///< The same while the queue does not drain.
  };

  /// The place of one request inside; leaves when it goes.
  class place {
  public:
    explicit place(std::shared_ptr<admission> door) : door_(std::move(door)) {}
    ~place() { door_->leave(clock::now()); }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

  private:
    std::shared_ptr<admission> door_;
  };

  explicit admission(limits how) : how_(how) {}

  /// Whether one more request may enter; then it is inside, until it leaves.
  bool enter(clock::time_point now);
  void leave(clock::time_point now);

  /// One of those inside got what it came for, in this time; one that is refused further in leaves, but tells
  /// nothing of what can be done.
  void served(clock::duration took);

private:
  /// The time in which the rate is measured anew.
  struct window {
    clock::time_point since{};
    std::size_t served = 0, least_inside = 0;
    clock::duration quickest = clock::duration::max(); ///< Of those served.
    bool began_with_enough = false, turned_away = false;
  };

  double most_inside() const;
  void measure(clock::time_point now);
  void learn(const window& past, clock::duration length);

  const limits how_;
  std::mutex mutex_;
  std::size_t inside_ = 0;
  std::optional<double> rate_;     ///< Requests a second that leave where there is work enough.
  std::optional<double> unqueued_; ///< Seconds that a request takes which waits for nobody.
  bool standing_ = false;          ///< Requests were turned away, and the queue has not drained since.
  window window_;
};

} // namespace winnow
