#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <utility>

namespace winnow {

/// Lets requests for many lists take turns. A few of all their lists are computed at a time, so that requests
/// for one list neither find the pipeline full nor wait for hundreds of others. The batches get these lists
/// part by part, one batch after the other. The next part starts when half of the lists are done: so the
/// stages always have some to compute, and get them together. Used by the HTTP actor's thread alone.
class batch_turns {
public:
  using clock = std::chrono::steady_clock;

  /// What computes the lists of a batch, which have numbers from 0 to `lists` - 1.
  struct batch {
    std::size_t lists = 0;
    std::function<void(std::size_t)> start; ///< Starts one. The batch calls `done` once it is answered.
    std::function<void(std::size_t)> drop;  ///< Called instead if there was no turn in time.
  };

  struct environment {
    std::size_t most = 32; ///< How many lists are computed at a time.
    /// Returns how many of this number of lists may be computed now.
    std::function<std::size_t(std::size_t)> enter;
    /// Has `again` called soon. Asked for if `enter` lets none in and no list is computed, whose end would
    /// do.
    std::function<void()> later;
  };

  explicit batch_turns(environment around) : around_(std::move(around)) {}

  /// How long a batch with this number of lists would probably take, with those ahead of it; zero if there
  /// are none.
  clock::duration expected_wait(std::size_t lists) const;

  /// Queues a batch of at least one list, and starts what can be started. Returns its ticket.
  std::uint64_t add(batch added, clock::time_point now);

  /// A list that was started is answered.
  void done(clock::time_point now);

  /// Drops those lists of a batch that have not been started.
  void expire(std::uint64_t ticket);

  /// The same without a word to the batch. Returns whether there were any.
  bool forget(std::uint64_t ticket) { return take_out(ticket).has_value(); }

  /// Tries again to start what could not be started before.
  void again();

private:
  struct waiting_batch {
    std::uint64_t ticket = 0;
    batch work;
    std::size_t next = 0; ///< The first list that has not been started.
  };

  std::optional<waiting_batch> take_out(std::uint64_t ticket);
  void run();
  bool start_part();
  std::size_t waiting_lists() const;
  void measure(clock::time_point now);

  const environment around_;
  std::deque<waiting_batch> waiting_; ///< The batch whose turn is next comes first.
  std::size_t computed_ = 0;          ///< Lists that are being computed.
  std::uint64_t last_ticket_ = 0;
  bool running_ = false; ///< `run` is on the stack.
  bool called_ = false;  ///< `later` was asked to call.
  /// A list ends once in so much time while there are some: the average of the last ones.
  clock::duration usual_{};
  int measured_ = 0; ///< How many of these.
  clock::time_point since_{};
};

} // namespace winnow
