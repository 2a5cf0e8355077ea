#pragma once

#include <atomic>
#include <cstddef>

namespace winnow {

/// How many profiles wait for the transition learner. Shared by the poller, which stops sending when there
/// are too many: a profile that was not sent is learned when it changes the next time, as the learner then
/// finds everything that is new in it.
struct learning_backlog {
  static constexpr std::size_t most = 100'000;

  std::atomic<std::size_t> profiles{0};
};

} // namespace winnow
