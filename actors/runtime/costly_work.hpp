#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace winnow {

/// Lets work that takes an actor long, such as reading a huge profile, take only a share of its time: one
/// piece after the other, with a rest after each that grows with what it cost. So those who ask for much wait
/// for each other, and hardly anybody waits for them. Used by the actor's thread alone.
class costly_work {
public:
  using clock = std::chrono::steady_clock;

  /// @param rest Has `rested` called after this time, by a message that the actor sends itself.
  explicit costly_work(std::function<void(std::chrono::milliseconds)> rest) : rest_(std::move(rest)) {}

  /// Above this size, a profile counts as costly. It takes about a millisecond.
  static constexpr std::size_t costly_bytes = 128u << 10;
  /// The same for filters: of items with conditions.
  static constexpr std::size_t costly_comparisons = 1'000'000;

  /// How long a new piece would probably wait.
  clock::duration expected_wait() const;

  /// Runs `work` at once or in its turn. Pieces that are waiting when the actor ends are destroyed.
  void add(std::function<void()> work);

  /// Runs the next piece.
  void rested();

  /// Drops what waits.
  void abandon() { waiting_.clear(); }

private:
  void run_next();

  std::function<void(std::chrono::milliseconds)> rest_;
  std::deque<std::function<void()>> waiting_;
  clock::duration usual_{}; ///< Moving average of what a piece takes.
  bool resting_ = false;
};

} // namespace winnow
