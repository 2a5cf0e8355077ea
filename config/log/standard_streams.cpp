#include "config/log/standard_streams.hpp"

#include "config/log/event_ring.hpp"
#include "config/log/line_writer.hpp"
#include "config/log/log.hpp"
#include "config/log/log_line.hpp"

#include <atomic>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <pthread.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

constexpr std::size_t queue_bytes = std::size_t{1} << 20;

std::atomic<bool> is_forked{false}; ///< This process is a child without the writing threads.
std::atomic<bool> is_used{false};   ///< There is something to flush.

std::string dropped_lines_notice(std::uint64_t lines) {
  const std::initializer_list<log_field> fields{{"lines", lines}};
  const log_record record{std::chrono::system_clock::now(), log_level::warning, "log", "lines dropped",
                          fields};
  kept_events().add(record);
  return log_line(record);
}

/// A standard stream.
class stream {
public:
  stream(int descriptor, line_writer::notice dropped) : descriptor_(descriptor) {
    try {
      writer_ = std::make_unique<line_writer>(descriptor, queue_bytes, std::move(dropped));
    } catch (const std::system_error&) { // no thread: writes directly
    }
  }

  void write(std::string_view line) {
    if (writer_ && !is_forked)
      writer_->write(line);
    else
      write_through(descriptor_, std::string(line) + '\n');
  }

  void flush() {
    if (writer_ && !is_forked)
      writer_->flush(line_writer::patience);
  }

  std::uint64_t dropped() const { return writer_ ? writer_->dropped() : 0; }

private:
  int descriptor_;
  std::unique_ptr<line_writer> writer_;
};

struct streams {
  stream error{STDERR_FILENO, dropped_lines_notice};
  stream output{STDOUT_FILENO, dropped_lines_notice};

  streams() {
    pthread_atfork(nullptr, nullptr, [] { is_forked = true; });
    std::atexit(flush_standard_streams);
    is_used = true;
  }
};

// Never destroyed: threads that outlive main's static objects may still log.
streams& standard() {
  static auto* const instance = new streams();
  return *instance;
}

constexpr int os_error = 71; // EX_OSERR of sysexits.h

[[noreturn]] void log_and_abort() {
  std::string reason = "terminated";
  if (const auto thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::system_error& failed) {
      exit_if_no_room_for_thread(failed);
      reason = failed.what();
    } catch (const std::exception& known) {
      reason = known.what();
    } catch (...) {
      reason = "unknown exception";
    }
  }
  log_event(log_level::error, "process", "uncaught exception", {{"reason", reason}});
  flush_standard_streams();
  std::abort();
}

} // namespace

void start_standard_streams() {
  static_cast<void>(standard());
}

void write_error_line(std::string_view line) {
  standard().error.write(line);
}

void write_output_line(std::string_view line) {
  standard().output.write(line);
}

void flush_standard_streams() noexcept {
  if (!is_used)
    return;
  standard().output.flush();
  standard().error.flush();
}

std::uint64_t dropped_error_lines() noexcept {
  return is_used ? standard().error.dropped() : 0;
}

void open_missing_streams() noexcept {
  // open() returns the lowest free number.
  while (true) {
    const int opened = ::open("/dev/null", O_RDWR); // NOLINT(cppcoreguidelines-pro-type-vararg)
    if (opened > STDERR_FILENO)
      ::close(opened);
    if (opened < 0 || opened > STDERR_FILENO)
      return;
  }
}

// A thread that cannot be created is no defect, so there is nothing that a core dump would tell.
void exit_if_no_room_for_thread(const std::system_error& failed) {
  if (failed.code() != std::errc::resource_unavailable_try_again)
    return;
  log_event(log_level::error, "process", "no room for a thread",
            {{"reason", failed.what()},
             {"advice", "raise the limit of threads (TasksMax=, --pids-limit, ulimit -u) or of memory"}});
  flush_standard_streams();
  std::_Exit(os_error);
}

void log_uncaught_exceptions() noexcept {
  std::set_terminate(log_and_abort);
}

} // namespace winnow
