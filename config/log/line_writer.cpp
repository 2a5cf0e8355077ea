#include "config/log/line_writer.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>
#include <utility>

namespace winnow {

namespace {

// After it has written, the thread leaves further lines in the buffer for this long. A single line is written
// at once.
constexpr std::chrono::milliseconds gathering_time{1};

/// Blocks all signals while a thread is started, which inherits the mask: they are for other threads, and
/// SIGPIPE must not end the process.
class signals_blocked {
public:
  signals_blocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;

private:
  sigset_t before_{};
};

/// Returns the first lines of `text` that a pipe takes as one piece, so that the lines of several processes
/// do not mix; at least one line.
std::string_view next_piece(std::string_view text) {
  const auto last = text.substr(0, PIPE_BUF).rfind('\n');
  return text.substr(0, (last == std::string_view::npos ? text.find('\n') : last) + 1);
}

/// Writes lines. @return How many of them the system refused.
std::uint64_t write_lines(int descriptor, std::string_view lines) {
  std::uint64_t refused = 0;
  while (!lines.empty()) {
    const auto piece = next_piece(lines);
    if (!write_through(descriptor, piece))
      refused += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
    lines.remove_prefix(piece.size());
  }
  return refused;
}

} // namespace

bool write_through(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) { // another program made the shared terminal or pipe non-blocking
      pollfd writable{descriptor, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

struct line_writer::shared {
  shared(int fd, std::size_t most, notice notice_of)
      : descriptor(fd), most_bytes(most), dropped_notice(std::move(notice_of)) {}

  void drop(std::uint64_t lines) {
    unreported += lines;
    dropped += lines;
  }

  /// Whether the thread should take the lines without further ado.
  bool is_urgent() const { return pending.size() > most_bytes / 2; }

  const int descriptor;
  const std::size_t most_bytes;
  const notice dropped_notice;
  std::atomic<std::uint64_t> dropped{0};

  std::mutex mutex; ///< Guards what follows.
  std::condition_variable work;
  std::condition_variable progress;
  std::string pending;          ///< Lines with their line breaks.
  std::uint64_t accepted = 0;   ///< Lines put into `pending` so far.
  std::uint64_t handled = 0;    ///< Lines written or refused so far.
  std::uint64_t unreported = 0; ///< Dropped lines that no notice has counted.
  bool is_full = false;         ///< A line was dropped since the thread took the last ones.
  bool is_idle = false;         ///< The thread waits for work.
  bool is_over = false;
  bool has_ended = false;
};

line_writer::line_writer(int descriptor, std::size_t most_bytes, notice dropped)
    : state_(std::make_shared<shared>(descriptor, most_bytes, std::move(dropped))) {
  const signals_blocked during_start;
  thread_ = std::thread([state = state_] {
    ::pthread_setname_np(::pthread_self(), "winnow.log");
    run(*state);
  });
}

line_writer::~line_writer() {
  std::unique_lock lock(state_->mutex);
  state_->is_over = true;
  state_->work.notify_one();
  const bool ended = state_->progress.wait_for(lock, patience, [this] { return state_->has_ended; });
  lock.unlock();
  if (ended)
    thread_.join();
  else
    thread_.detach();
}

void line_writer::write(std::string_view line) {
  const std::lock_guard lock(state_->mutex);
  // Once a line was dropped, all are until the thread takes the buffer, so that the notice stands at the gap.
  if (state_->is_full || state_->pending.size() + line.size() + 1 > state_->most_bytes) {
    state_->is_full = true;
    return state_->drop(1);
  }
  const bool was_urgent = state_->is_urgent();
  state_->pending.append(line).push_back('\n');
  ++state_->accepted;
  const bool was_idle = std::exchange(state_->is_idle, false);
  if (was_idle || was_urgent != state_->is_urgent())
    state_->work.notify_one();
}

bool line_writer::flush(std::chrono::milliseconds limit) {
  std::unique_lock lock(state_->mutex);
  return state_->progress.wait_for(lock, limit,
                                   [this, last = state_->accepted] { return state_->handled >= last; });
}

std::uint64_t line_writer::dropped() const noexcept {
  return state_->dropped;
}

void line_writer::run(shared& state) {
  std::string lines;
  std::unique_lock lock(state.mutex);
  while (true) {
    state.is_idle = true;
    state.work.wait(lock, [&] { return state.is_over || !state.pending.empty(); });
    state.is_idle = false;
    if (state.pending.empty())
      break;
    lines.clear();
    lines.swap(state.pending);
    state.is_full = false;
    const auto last = state.accepted;
    const auto missing = state.unreported;
    lock.unlock();
    const auto refused = write_lines(state.descriptor, lines);
    const bool told = missing == 0 || write_through(state.descriptor, state.dropped_notice(missing) + '\n');
    lock.lock();
    if (told)
      state.unreported -= missing;
    state.drop(refused);
    state.handled = last;
    state.progress.notify_all();
    // Under load, callers then find the thread awake: waking it costs more than the rest of `write`.
    state.work.wait_for(lock, gathering_time, [&] { return state.is_over || state.is_urgent(); });
  }
  state.has_ended = true;
  state.progress.notify_all();
}

} // namespace winnow
