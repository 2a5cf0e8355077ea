#include "actors/status/actor_record.hpp"

namespace winnow {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

actor_record::clock::rep ticks_now() {
  return actor_record::clock::now().time_since_epoch().count();
}

std::chrono::nanoseconds since(actor_record::clock::rep then) {
  return std::max(std::chrono::nanoseconds(actor_record::clock::duration(ticks_now() - then)),
                  std::chrono::nanoseconds::zero());
}

} // namespace

std::string_view to_string(actor_state state) noexcept {
  switch (state) {
  case actor_state::running:
    return "running";
  case actor_state::restarting:
    return "restarting";
  case actor_state::down:
    return "down";
  case actor_state::stuck:
    return "stuck";
  case actor_state::stopping:
    return "stopping";
  }
  return "unknown";
}

actor_record::actor_record(std::string name, std::uint64_t id, std::uint64_t parent, kind what)
    : name_(std::move(name)), id_(id), parent_(parent), kind_(what), since_(ticks_now()),
      up_since_(std::chrono::system_clock::now()) {}

void actor_record::started() {
  const std::lock_guard lock(mutex_);
  up_since_ = std::chrono::system_clock::now();
  doing_.store(nullptr, relaxed);
  since_.store(ticks_now(), relaxed);
  in_flight_.store(0, relaxed);
  silent_since_ = 0;
  state_ = actor_state::running;
}

void actor_record::met(std::string problem) {
  const std::lock_guard lock(mutex_);
  last_error_ = std::move(problem);
  last_error_at_ = std::chrono::system_clock::now();
}

void actor_record::died(std::string reason) {
  const std::lock_guard lock(mutex_);
  ++restarts_;
  deaths_.push_back(clock::now());
  last_error_ = std::move(reason);
  last_error_at_ = std::chrono::system_clock::now();
  silent_since_ = 0;
  state_ = actor_state::restarting;
}

void actor_record::gave_up(std::string reason) {
  const std::lock_guard lock(mutex_);
  last_error_ = std::move(reason);
  last_error_at_ = std::chrono::system_clock::now();
  state_ = actor_state::down;
}

void actor_record::silent_since(std::optional<clock::time_point> when) noexcept {
  silent_since_ = when ? when->time_since_epoch().count() : 0;
}

void actor_record::took(std::chrono::nanoseconds latency, std::uint32_t count) noexcept {
  handled(count);
  latencies_[latency_buckets::index_of(latency)].fetch_add(count, relaxed);
  auto longest = longest_.load(relaxed);
  while (latency.count() > longest && !longest_.compare_exchange_weak(longest, latency.count(), relaxed)) {
  }
}

void actor_record::queue(std::uint64_t depth, std::uint64_t capacity) noexcept {
  queue_depth_.store(depth, relaxed);
  queue_capacity_.store(capacity, relaxed);
}

actor_state actor_record::state() const noexcept {
  const actor_state state = state_;
  return state == actor_state::running && silent_since_ != 0 ? actor_state::stuck : state;
}

std::chrono::nanoseconds actor_record::busy() const noexcept {
  const auto done = clock::duration(busy_.load(relaxed));
  const bool at_work = doing_.load(relaxed) != nullptr && working_.load(relaxed);
  return at_work ? done + since(since_.load(relaxed)) : done;
}

void actor_record::copy_latencies(latency_buckets::counts& counts) const noexcept {
  for (std::size_t i = 0; i < counts.size(); ++i)
    counts[i] = latencies_[i].load(relaxed);
}

std::chrono::nanoseconds actor_record::take_longest() noexcept {
  return clock::duration(longest_.exchange(0, relaxed));
}

actor_status actor_record::status() const {
  actor_status now;
  now.id = id_;
  now.parent = parent_;
  now.name = name_;
  now.group = is_group();
  now.state = state();
  if (const char* doing = doing_.load(relaxed))
    now.doing = doing;
  now.doing_for = since(since_.load(relaxed));
  if (const auto silent = silent_since_.load())
    now.silent_for = since(silent);
  now.handled = handled_count();
  now.busy = busy();
  now.in_flight = in_flight_.load(relaxed);
  now.queue_depth = queue_depth_.load(relaxed);
  now.queue_capacity = queue_capacity_.load(relaxed);
  const std::lock_guard lock(mutex_);
  while (!deaths_.empty() && clock::now() - deaths_.front() > restart_window)
    deaths_.pop_front();
  now.up_since = up_since_;
  now.restarts = restarts_;
  now.restarts_in_window = deaths_.size();
  now.last_error = last_error_;
  now.last_error_at = last_error_at_;
  return now;
}

activity::activity(actor_record& record, const char* doing, kind what) noexcept
    : record_(record), before_(record.doing_.load(relaxed)) {
  if (!before_) {
    record_.working_.store(what == kind::work, relaxed);
    record_.since_.store(ticks_now(), relaxed);
  }
  record_.doing_.store(doing, relaxed);
}

activity::~activity() {
  record_.doing_.store(before_, relaxed);
  if (before_)
    return;
  // There is only one writer, so a load and a store are enough.
  const auto now = ticks_now();
  if (record_.working_.load(relaxed))
    record_.busy_.store(record_.busy_.load(relaxed) + now - record_.since_.load(relaxed), relaxed);
  record_.since_.store(now, relaxed);
}

} // namespace winnow
