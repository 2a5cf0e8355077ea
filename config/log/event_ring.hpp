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

/// A log event that was kept, with those that repeated it.
struct kept_event {
  std::uint64_t id = 0;                       ///< Of its last occurrence. Ids grow, so they tell what is new.
  std::uint64_t first_id = 0;                 ///< Of its first one: stays when it is repeated.
  std::chrono::system_clock::time_point time; ///< Of its last occurrence.
  std::chrono::system_clock::time_point first_time;
  std::uint64_t count = 1; ///< How often it occurred.
  log_level level = log_level::info;
  std::string component;
  std::string event;
  std::vector<std::pair<std::string, log_value>> fields; ///< Of its last occurrence; long texts are cut.
};

/// How much is kept.
struct ring_limits {
  std::size_t events = 512;
  std::size_t of_a_kind = 64; ///< A kind: the same level, component and event.
  std::size_t burst = 8;      ///< More of a kind within `burst_window` count as repeats of its newest.
  std::chrono::seconds burst_window{10};
  std::chrono::seconds repeat_window{60}; ///< The same once more, fields included, is a repeat for so long.
};

/// The last events that were worth noting. A flood of one kind counts up, instead of pushing everything else
/// out. Thread-safe.
class event_ring {
public:
  explicit event_ring(ring_limits limits = {});

  void add(const log_record& record);

  /// What occurred after the event with this id, oldest first; 0: all that is kept.
  std::vector<kept_event> since(std::uint64_t id) const;

  std::uint64_t last_id() const noexcept { return last_id_; }

  /// Differs between any two rings, also of two runs of the program: ids mean nothing in another one.
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
  events events_; ///< By id.
  std::unordered_map<std::string, kind> kinds_;
};

/// Where `log_event` keeps every event from `info` up, whatever the log's threshold.
event_ring& kept_events();

} // namespace winnow
