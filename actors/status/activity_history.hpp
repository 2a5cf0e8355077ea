#pragma once

#include "actors/status/actor_record.hpp"

#include <map>
#include <mutex>
#include <vector>

namespace winnow {

/// Rates and latencies of one actor, derived from its record over time.
struct actor_figures {
  double rate = 0; ///< Pieces of work per second, over the last 10 s.
  double busy = 0; ///< Share of time spent working, over the last 10 s; 1 is one full thread.
  std::chrono::microseconds p50{}, p99{}, longest{}; ///< Latencies over the last minute.
};

/// Reads all records once a second. Keeps figures of every actor, and ten minutes of samples of the actors
/// that the supervisor supervises directly or in a group. Thread-safe.
class activity_history {
public:
  using clock = actor_record::clock;

  static constexpr std::chrono::seconds interval{1};
  static constexpr std::size_t kept_samples = 600;

  /// One actor during one second.
  struct point {
    std::uint64_t id = 0;
    float rate = 0;
    float busy = 0;
    float p50_us = 0; ///< Over the last 10 s; 0 if no work was done.
    float p99_us = 0;
    std::uint32_t queue_depth = 0;
    std::uint32_t in_flight = 0;
  };

  struct sample {
    std::chrono::system_clock::time_point time;
    std::vector<point> points;
  };

  struct samples {
    std::map<std::uint64_t, std::string> names; ///< By id, for every actor that has a point.
    std::vector<sample> rows;                   ///< Oldest first.
  };

  /// Takes one sample of `records`. Called once per `interval`.
  void tick(const std::vector<actor_record_ptr>& records, clock::time_point now = clock::now());

  actor_figures figures(std::uint64_t id) const;

  /// Returns the samples taken after `when`.
  samples since(std::chrono::system_clock::time_point when) const;
  samples all() const { return since({}); }

private:
  static constexpr std::size_t kept_seconds = 60;
  static constexpr std::size_t rate_seconds = 10;

  struct second {
    clock::time_point begin, end;
    std::uint64_t handled = 0;
    std::chrono::nanoseconds busy{};
    std::chrono::nanoseconds longest{};
    latency_buckets::counts latencies{};
  };

  struct track {
    bool present = true; ///< Seen in this tick.
    clock::time_point last{};
    std::uint64_t handled = 0;
    std::chrono::nanoseconds busy{};
    latency_buckets::counts latencies{};
    std::deque<second> seconds{}; ///< Oldest first.
  };

  static void advance(track& followed, actor_record& record, clock::time_point now);
  static latency_buckets::counts latencies_of(const track& followed, std::size_t seconds);
  static actor_figures figures_of(const track& followed, std::size_t rate_over);

  mutable std::mutex mutex_;
  std::map<std::uint64_t, track> tracks_; ///< By the record's id.
  std::map<std::uint64_t, std::string> names_;
  std::deque<sample> samples_;
};

} // namespace winnow
