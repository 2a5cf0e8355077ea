#include "tools/winnowd/taken_keeper.hpp"

#include "actors/fleet/fleet_memory.hpp"
#include "config/log/log.hpp"
#include "config/system/thread_priority.hpp"
#include "models/online/taken_file.hpp"

#include <system_error>
#include <utility>

namespace winnow {

namespace {

constexpr const char* component = "taken";

// A user who is to be forgotten leaves the file within this time.
constexpr std::chrono::seconds look_interval{1};

} // namespace

std::filesystem::path taken_file(const std::string& learned, const std::filesystem::path& home) {
  return learned.empty() ? home / ".winnow-live" / "taken" : std::filesystem::path(learned + ".taken");
}

taken_keeper::taken_keeper(std::shared_ptr<taken_watch> watch, std::filesystem::path file,
                           std::chrono::milliseconds interval, bool is_in_fleet)
    : watch_(std::move(watch)), file_(std::move(file)), interval_(interval), is_in_fleet_(is_in_fleet) {
  if (const auto done = read(); done)
    log_event(log_level::info, component, "continued",
              {{"file", file_.string()}, {"users", watch_->users()}});
  else if (done.error().cause != fault::not_found)
    log_event(log_level::warning, component, "what users took is counted from zero",
              {{"reason", done.error().message}});
  saved_changes_ = watch_->changes();
  thread_ = std::thread([this] { run(); });
}

taken_keeper::~taken_keeper() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_one();
  thread_.join();
  save();
}

result<void> taken_keeper::read() const {
  const bool is_old = is_in_fleet_ && is_older_than_fleet_memory(file_);
  auto done = read_taken(file_, *watch_);
  if (done && is_old) {
    watch_->forget_all(); // the file follows at the first look
    log_event(log_level::info, component,
              "last lists dropped, as the fleet may have been told to forget users since",
              {{"file", file_.string()}});
  }
  return done;
}

void taken_keeper::run() {
  constexpr int nicest = 19;
  lower_thread_priority(nicest, "keeping what users took");
  auto due = std::chrono::steady_clock::now() + interval_;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, look_interval, [this] { return is_over_; })) {
    lock.unlock();
    if (const auto now = std::chrono::steady_clock::now();
        now >= due || watch_->forgotten() != saved_forgotten_) {
      save();
      due = now + interval_;
    }
    lock.lock();
  }
}

void taken_keeper::save() {
  const auto changes = watch_->changes(), forgotten = watch_->forgotten();
  if (changes == saved_changes_ && forgotten == saved_forgotten_) {
    std::error_code missing;
    if (is_in_fleet_) // says that this replica was there when users were to be forgotten
      std::filesystem::last_write_time(file_, std::filesystem::file_time_type::clock::now(), missing);
    return;
  }
  const auto written = write_taken(file_, *watch_);
  if (written) {
    saved_changes_ = changes;
    saved_forgotten_ = forgotten;
  } else if (!failed_) {
    log_event(log_level::warning, component, "not kept for the next start",
              {{"reason", written.error().message}});
  }
  failed_ = !written;
}

} // namespace winnow
