#pragma once

#include "config/error.hpp"
#include "http/observer.hpp"
#include "http/trace_context.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// One step of a request: a stage, or a command of the store. Times are those of the actor that asked, except
/// for `taken` and `done`.
struct trace_step {
  using time_point = std::chrono::steady_clock::time_point;
  enum class kind {
    stage,      ///< It waits for a worker until `taken`, and is computed until `done`.
    store,      ///< It waits for its pipeline until `taken`, and the store has answered at `done`.
    store_work, ///< The store works on it. How long it waits for that is not known.
    work,       ///< None of these.
  };

  const char* name = ""; ///< Static text.
  kind what = kind::work;
  time_point begin{};
  std::optional<time_point> taken;
  std::optional<time_point> done;
  std::optional<time_point> end; ///< nullopt: it was not answered.
  std::size_t batch = 0;         ///< How many tasks or commands were taken together; 0: unknown.
  std::optional<fault> failure;
};

/// What a trace says of its request as a whole. Filled when the request ends.
struct trace_root {
  std::string name; ///< Of the span.
  std::string method, route, target, request_id;
  unsigned status = 0; ///< HTTP; 0: the request came from within, or its client left before the answer.
  std::optional<fault> failure;
  std::vector<std::string> degraded;
};

/// The times of one request, from its arrival to its answer. Written by all actors that work on the request;
/// thread-safe. It ends with its last reference, which is usually a moment after the answer: a stage that was
/// too late for the answer is still in its trace.
class request_trace : public http::exchange_follower {
public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  struct identity {
    http::trace_parent self;                  ///< Its own span, and whether it is exported.
    std::optional<std::uint64_t> parent = {}; ///< The client's span.
    std::string state = {};                   ///< The `tracestate`.
    /// From which duration on the details of its end matter, even if it is not sampled.
    std::chrono::nanoseconds slow = std::chrono::nanoseconds::max();
    bool over_http = false; ///< False: no request asked for this work.
  };

  struct list_time {
    std::chrono::nanoseconds took{};
    std::string version; ///< Empty: it failed.
  };

  /// @param name The root's span; replaced once the route is known.
  request_trace(identity who, std::string name, time_point begin);

  // No trace has more steps: further ones are left out. The largest batch of lists has fewer.
  static constexpr std::size_t most_steps = 2048;

  std::size_t begin(const char* name, trace_step::kind what, time_point at);

  /// Adds a step that is over.
  void add(const trace_step& step);

  void taken(std::size_t step, time_point at, std::size_t batch);
  void done(std::size_t step, time_point at);
  void end(std::size_t step, time_point at, std::optional<fault> failure);

  /// A stage was left out of a list. Each reason counts once.
  void degraded(const std::string& reason);

  /// The pipeline has computed a list, or failed to, in this time. Of several lists, the slowest counts.
  /// @param version Of the list's models; empty: there is no list.
  void listed(std::chrono::nanoseconds took, std::string_view version);

  /// The request, which did not come over HTTP, has ended.
  void ended(time_point at, std::optional<fault> failure);

  std::string_view trace() const noexcept override { return {hex_id_.data(), hex_id_.size()}; }
  void answered(const http::exchange& done) override;

  const identity& who() const noexcept { return who_; }

  // ---- for the owner of a trace that has ended ----

  const std::vector<trace_step>& steps() const noexcept { return steps_; }
  const trace_root& root() const noexcept { return root_; }
  time_point begun() const noexcept { return begin_; }
  std::optional<time_point> ended_at() const noexcept { return end_; }
  const std::optional<list_time>& slowest_list() const noexcept { return slowest_list_; }

private:
  bool matters(std::chrono::nanoseconds took) const { return who_.self.sampled || took >= who_.slow; }

  const identity who_;
  const std::array<char, http::trace_digits> hex_id_;
  const time_point begin_;
  mutable std::mutex mutex_;
  std::vector<trace_step> steps_;
  trace_root root_;
  std::optional<time_point> end_;
  std::optional<list_time> slowest_list_;
};

using request_trace_ptr = std::shared_ptr<request_trace>;

/// A step of a trace, for the actors that work on it. Does nothing if there is no trace: it costs a
/// comparison then. Copies refer to the same step.
class traced_step {
public:
  traced_step() = default;

  /// Begins a step now.
  /// @param trace May be null.
  traced_step(const request_trace_ptr& trace, const char* name, trace_step::kind what)
      : trace_(trace), step_(trace ? trace->begin(name, what, request_trace::clock::now()) : 0) {}

  explicit operator bool() const noexcept { return trace_ != nullptr; }

  void taken(request_trace::time_point at, std::size_t batch) const {
    if (trace_)
      trace_->taken(step_, at, batch);
  }
  void done(request_trace::time_point at) const {
    if (trace_)
      trace_->done(step_, at);
  }
  void end(std::optional<fault> failure = std::nullopt) const {
    if (trace_)
      trace_->end(step_, request_trace::clock::now(), failure);
  }

private:
  request_trace_ptr trace_;
  std::size_t step_ = 0;
};

/// The failure of a result, for `traced_step::end`.
template<class Value>
std::optional<fault> failure_of(const result<Value>& outcome) {
  return outcome ? std::nullopt : std::optional(outcome.error().cause);
}

} // namespace winnow
