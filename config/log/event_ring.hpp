#pragma once

#include "config/log/log_line.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace winnow {

/// A kept log event, together with its repeats.
struct kept_event {
  std::uint64_t id = 0;                       ///< Of the last occurrence. Newer events have larger ids.
  std::uint64_t first_id = 0;                 ///< Of the first occurrence; unchanged by repeats.
  std::chrono::system_clock::time_point time; ///< Of the last occurrence.
  std::chrono::system_clock::time_point first_time;
  std::uint64_t count = 1; ///< Number of occurrences.
  log_level level = log_level::info;
  std::string component;
  std::string event;
  /// Of the last occurrence; long texts are truncated.
  std::vector<std::pair<std::string, log_value>> fields;
};

/// How many events are kept, and what counts as a repeat.
struct ring_limits {
  std::size_t events = 512;
  std::size_t of_a_kind = 64; ///< Events of one kind: with the same level, component and event.
  /// Further events of a kind within `burst_window` count as repeats of its newest one.
  std::size_t burst = 8;
  std::chrono::seconds burst_window{10};
  /// An event that equals the newest of its kind, fields included, counts as a repeat for this long.
  std::chrono::seconds repeat_window{60};
};

/// The most recent noteworthy log events. A flood of one kind increments a count instead of pushing out all
/// other events. Thread-safe.
class event_ring {
public:
  explicit event_ring(ring_limits limits = {});

  void add(const log_record& record);

  /// Returns the events that occurred after the event with this id, oldest first; 0 returns all.
  std::vector<kept_event> since(std::uint64_t id) const;

  std::uint64_t last_id() const noexcept { return last_id_; }

  /// Differs between any two rings, including those of different runs of the program. An id is valid only
  /// within its ring.
  const std::string& epoch() const noexcept { return epoch_; }

private:
  using events = std::list<kept_event>;
  using kind = std::deque<events::iterator>; ///< In the order of `events_`.

  bool is_repeat(const kind& same, const kept_event& now) const;
  void repeat(events::iterator known, kept_event now);
  void forget(std::unordered_map<std::string, kind>::iterator of);

  const ring_limits limits_;
  const std::string epoch_;
  std::atomic<std::uint64_t> last_id_{0};
  mutable std::mutex mutex_;
  events events_; ///< Sorted by id.
  std::unordered_map<std::string, kind> kinds_;
};

/// The ring in which `log_event` keeps every event of level `info` or higher, whatever the log's threshold.
event_ring& kept_events();

} // namespace winnow
