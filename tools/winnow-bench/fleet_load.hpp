#pragma once

#include "tools/winnow-bench/fleet_run.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace winnow::bench {

/// Changes profiles, 250 every 100 ms, until it is destroyed. While the store is away, it changes none.
class storm {
public:
  storm(fleet_run& run, const deployment& data) : thread_([this, &run, &data] { change(run, data); }) {}
  ~storm() { end(); }
  storm(const storm&) = delete;
  storm& operator=(const storm&) = delete;

  void end();

private:
  void change(fleet_run& run, const deployment& data) const;

  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// Changes one profile again and again, and measures the time until its list follows.
class probe {
public:
  using clock = std::chrono::steady_clock;

  /// A change whose list came late is a sign that all is not normal yet.
  static constexpr std::chrono::milliseconds late{1000};

  probe(fleet_run& run, const deployment& data) : thread_([this, &run, &data] { measure(run, data); }) {}
  ~probe() { end(); }
  probe(const probe&) = delete;
  probe& operator=(const probe&) = delete;

  void end();

  // After `end`.
  double longest() const { return longest_; } ///< In seconds.
  /// How long after `from` the last list that was late came, in seconds; 0 if none was.
  double normal_after(clock::time_point from) const;

private:
  void measure(fleet_run& run, const deployment& data);

  std::atomic<bool> over_{false};
  double longest_ = 0;
  clock::time_point last_late_{};
  std::thread thread_;
};

/// Clients of all replicas, which take turns. A client whose replica is silent or breaks the connection asks
/// the next one, as a load balancer does.
class rest_load {
public:
  rest_load(const fleet_run& run, const deployment& data);
  ~rest_load() { end(); }
  rest_load(const rest_load&) = delete;
  rest_load& operator=(const rest_load&) = delete;

  void end();

  std::uint64_t requests() const { return requests_; }
  std::uint64_t refused() const { return refused_; }       ///< Answers 5xx.
  std::uint64_t asked_again() const { return again_; }     ///< Requests that another replica answered.
  std::uint64_t unanswered() const { return unanswered_; } ///< By any of them.

private:
  void ask(const fleet_run& run, const deployment& data, std::size_t turn);

  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> requests_{0}, refused_{0}, again_{0}, unanswered_{0};
  std::vector<std::thread> threads_;
};

} // namespace winnow::bench
