#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace winnow::http {

/// How a client takes an answer that did not fit its socket's buffer. It may take as long as it keeps a least
/// pace: `least_step` bytes within each time limit. The caller passes the time.
class answer_progress {
public:
  using clock = std::chrono::steady_clock;

  /// What a client must take within the time limit, in bytes.
  static constexpr std::int64_t least_step = 64 << 10;

  answer_progress(std::chrono::milliseconds limit, clock::time_point now)
      : limit_(limit), deadline_(now + limit), still_since_(now) {}

  /// Notes how many bytes the client has taken since some fixed point. Called at intervals.
  void note(std::int64_t taken, clock::time_point now) {
    if (!taken_)
      taken_ = step_began_ = taken;
    if (taken > *taken_) {
      taken_ = taken;
      still_since_ = now;
    }
    if (taken - step_began_ >= least_step) {
      step_began_ = taken;
      deadline_ = now + limit_;
    }
  }

  /// When the client is too slow.
  clock::time_point deadline() const noexcept { return deadline_; }

  /// When the client took its last bytes, as far as was noted.
  clock::time_point still_since() const noexcept { return still_since_; }

private:
  std::chrono::milliseconds limit_;
  clock::time_point deadline_;
  clock::time_point still_since_;
  std::optional<std::int64_t> taken_;
  std::int64_t step_began_ = 0;
};

} // namespace winnow::http
