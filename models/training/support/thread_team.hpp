#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace winnow {

/// Threads that share the parts of one job. Any thread may run any part, so a job whose parts write to
/// different places gives the same result with any number of threads.
class thread_team {
public:
  /// @param threads At least 1, including the caller's thread.
  explicit thread_team(std::size_t threads);
  ~thread_team();
  thread_team(const thread_team&) = delete;
  thread_team& operator=(const thread_team&) = delete;

  std::size_t size() const noexcept { return helpers_.size() + 1; }

  /// Runs `work(part)` for each part below `parts` and returns when all are done. One caller at a time.
  /// `work` must not throw.
  void run(std::size_t parts, const std::function<void(std::size_t)>& work);

  /// Runs `work(first, last)` over pieces of `[0, count)` of length `grain`; the last may be shorter.
  void run_ranges(std::size_t count, std::size_t grain,
                  const std::function<void(std::size_t, std::size_t)>& work);

private:
  void help();
  void take_parts();

  std::mutex mutex_;
  std::condition_variable begun_, done_;
  const std::function<void(std::size_t)>* work_ = nullptr;
  std::size_t parts_ = 0;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint64_t> round_{0};
  std::atomic<std::size_t> busy_{0};
  std::atomic<bool> ending_{false};
  std::vector<std::thread> helpers_;
};

} // namespace winnow
