#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace winnow {

/// Lets pieces of work that take long run one at a time. What costs more waits longer: a piece lets those
/// pass that cost less, for a time that grows with its own cost, so that all get their turn in the end. So
/// those who ask for much wait for each other, and hardly anybody waits for them. Used by one actor's thread
/// alone; the work itself may be done by another.
class cost_turns : public std::enable_shared_from_this<cost_turns> {
public:
  using clock = std::chrono::steady_clock;

  /// The turn of one piece. It ends when the last copy is destroyed. Never null, so that null means none.
  using turn = std::shared_ptr<const void>;

  struct cost {
    std::size_t bytes = 0;
    bool background = false; ///< Nobody waits for it.
  };

  /// Above this size, a profile costs enough to wait for its turn. It takes about a millisecond.
  static constexpr std::size_t costly_bytes = 128u << 10;
  /// The same for filters: of items with conditions.
  static constexpr std::size_t costly_comparisons = 1'000'000;

  /// What a filter costs, as bytes of a profile that takes as long.
  static constexpr cost cost_of_filter(std::size_t comparisons) noexcept {
    return {comparisons / (costly_comparisons / costly_bytes), false};
  }

  /// After a piece of an actor's own time, others have this many times as much of it.
  static constexpr int usual_rest_factor = 4;

  /// A rest after each piece. The thread that works then has time for others.
  struct pauses {
    int factor = 0; ///< How many times as long as the piece before it a rest takes.
    /// Has the function called after this time.
    std::function<void(std::chrono::milliseconds, std::function<void()>)> rest = {};
  };

  struct piece {
    cost takes;
    std::function<bool()> wanted; ///< Asked when its turn comes. If it is not wanted any more, it is dropped.
    std::function<void(const turn&)> work;
  };

  cost_turns() : pauses_{} {}
  explicit cost_turns(pauses how) : pauses_(std::move(how)) {}

  /// How long a new piece would probably wait for its turn.
  clock::duration expected_wait(cost of, clock::time_point now) const;

  /// Runs a piece at once or in its turn. What waits when the actor ends is destroyed.
  void add(piece added, clock::time_point now);

  /// Drops what waits. After that, the end of a turn has no effect.
  void abandon();

private:
  static clock::time_point place_of(cost of, clock::time_point now);
  void run();
  void end(std::size_t bytes, clock::duration took);
  void rested();

  const pauses pauses_;
  std::multimap<clock::time_point, piece> waiting_; ///< By their places in the queue.
  std::optional<std::size_t> taken_;                ///< The bytes of the piece whose turn it is.
  std::optional<clock::time_point> resting_until_;  ///< Set during a rest.
  double usual_ = 0;                                ///< Seconds that a byte takes: a moving average.
  bool running_ = false;                            ///< `run` is on the stack.
  bool abandoned_ = false;
};

} // namespace winnow
