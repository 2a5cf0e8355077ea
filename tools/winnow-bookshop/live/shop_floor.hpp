#pragma once

#include "tools/winnow-bookshop/live/live_shop.hpp"
#include "tools/winnow-bookshop/live/scoreboard.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace winnow {

struct floor_options {
  double rate = 5;                                  ///< Visits per second; 0: nobody visits by themselves.
  std::chrono::milliseconds report_interval{5000};  ///< Between two lines of progress.
  std::function<void(const std::string&)> print;    ///< Takes lines of progress.
  std::function<void(const std::string&)> complain; ///< Takes messages about failures.
};

/// The thread of a live shop. It opens the shop, lets readers visit it at a constant mean rate, and runs the
/// jobs that others post, so that all of them find the shop unchanged while they run.
class shop_floor {
public:
  using clock = std::chrono::steady_clock;

  shop_floor(live_shop& shop, floor_options options);

  /// Runs until `stop`. Called once.
  void run();

  /// Makes `run` return after what it is doing. Thread-safe.
  void stop();

  /// Runs the job in `run`'s thread, before the next visit. Thread-safe. Jobs that were posted too late are
  /// destroyed without having been run.
  void post(std::function<void()> job);

  // ---- only in run's thread, or while it does not run ----

  /// Called about once a second.
  void on_tick(std::function<void()> tick) { tick_ = std::move(tick); }

  /// Readers that do not visit by themselves, because somebody plays them on the page.
  void on_visit(std::function<bool(std::size_t)> is_played) { is_played_ = std::move(is_played); }

  /// Counts a failed request and reports it, unless one was reported just now.
  void note(const error& failure);

  live_shop& shop() noexcept { return shop_; }
  scoreboard& counts() noexcept { return counts_; }
  std::chrono::milliseconds age() const; ///< Since the shop was open; 0 before.
  bool is_open() const noexcept { return open_; }

private:
  void run_jobs();
  void open_more();
  void let_visit();
  void report();
  void schedule_visit();

  live_shop& shop_;
  const floor_options options_;
  scoreboard counts_;
  std::function<void()> tick_;
  std::function<bool(std::size_t)> is_played_;
  bool open_ = false;
  clock::time_point opened_at_;
  clock::time_point next_visit_; ///< Or the next attempt to open the shop.
  clock::time_point next_tick_;
  clock::time_point next_report_;
  clock::time_point next_complaint_;
  bool hinted_ = false; ///< That the models are of another shop.

  std::mutex mutex_; ///< Of what follows.
  std::condition_variable wake_;
  std::vector<std::function<void()>> jobs_;
  bool stopping_ = false;
};

} // namespace winnow
