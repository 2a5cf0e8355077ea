#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

namespace winnow {

/// Admission control for the pipeline: counts the requests inside and admits no more than can be answered
/// soon. By Little's law, a request waits for the number of requests ahead of it divided by the rate at which
/// requests leave. That rate is measured while there is enough work to show the maximum. All requests inside
/// count, wherever they queue. The time that a request takes without queueing, such as the round trip to a
/// distant store, does not count as waiting. A standing queue only adds delay, so once requests have been
/// turned away, the queue is kept short until it drains (as in CoDel; Nichols, Jacobson 2012). Thread-safe.
/// The caller passes the time.
class admission {
public:
  using clock = std::chrono::steady_clock;

  struct limits {
    std::size_t always = 64; ///< This many may be inside at any rate, so that workers get full batches.
    std::chrono::nanoseconds longest_wait{};  ///< A request that would wait longer is turned away.
    std::chrono::nanoseconds standing_wait{}; ///< Replaces `longest_wait` while the queue does not drain.
  };

  /// The place of an admitted request; the destructor calls leave().
  class place {
  public:
    explicit place(std::shared_ptr<admission> door) : door_(std::move(door)) {}
    ~place() { door_->leave(clock::now()); }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

  private:
    std::shared_ptr<admission> door_;
  };

  explicit admission(limits how) : limits_(how) {}

  /// Returns whether one more request may enter. If so, it counts as inside until leave() is called for it.
  bool enter(clock::time_point now);
  void leave(clock::time_point now);

  /// Lets in as many of `wanted` requests that can wait, such as the lists of a batch, as leaves half of the
  /// room to those that cannot. Returns how many; leave() is called for each. To find no room is not to be
  /// turned away: it does not shorten the queue.
  std::size_t enter_some(clock::time_point now, std::size_t wanted);

  /// Reports that a request inside was answered successfully after `took`. Not called for a request that is
  /// refused further in, because it says nothing about the achievable rate.
  void served(clock::duration took);

private:
  /// One measurement interval.
  struct window {
    clock::time_point since{};
    std::size_t served = 0, least_inside = 0;
    clock::duration quickest = clock::duration::max(); ///< The shortest time of a served request.
    bool began_with_enough = false, turned_away = false;
  };

  double max_inside() const;
  std::size_t room() const;
  void measure(clock::time_point now);
  void learn(const window& past, clock::duration length);

  const limits limits_;
  std::mutex mutex_;
  std::size_t inside_ = 0;
  std::optional<double> rate_;     ///< Requests that leave per second while there is enough work.
  std::optional<double> unqueued_; ///< Seconds that a request takes without queueing.
  bool standing_ = false;          ///< The queue has not drained since requests were last turned away.
  window window_;
};

} // namespace winnow
