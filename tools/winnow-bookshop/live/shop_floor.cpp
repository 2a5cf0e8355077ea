#include "tools/winnow-bookshop/live/shop_floor.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

constexpr std::chrono::milliseconds tick_interval{1000};
constexpr std::chrono::milliseconds pause_after_failure{500};
constexpr std::chrono::milliseconds complaint_interval{5000};
constexpr std::chrono::milliseconds most_arrears{1000}; // visits that are later than this are dropped
constexpr std::uint64_t many_unknown_items = 200;

} // namespace

shop_floor::shop_floor(live_shop& shop, floor_options options) : shop_(shop), options_(std::move(options)) {}

void shop_floor::run() {
  next_visit_ = next_tick_ = next_complaint_ = clock::now();
  for (;;) {
    run_jobs();
    const auto now = clock::now();
    if (now >= next_tick_) {
      next_tick_ = now + tick_interval;
      if (tick_)
        tick_();
    }
    if (open_ && now >= next_report_)
      report();
    if (now >= next_visit_ && (!open_ || options_.rate > 0)) {
      if (open_)
        let_visit();
      else
        open_more();
    }
    auto due = std::min(next_tick_, open_ ? next_report_ : next_tick_);
    if (!open_ || options_.rate > 0)
      due = std::min(due, next_visit_);
    std::unique_lock lock(mutex_);
    wake_.wait_until(lock, due, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_)
      return;
  }
}

void shop_floor::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
}

void shop_floor::post(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  wake_.notify_all();
}

void shop_floor::run_jobs() {
  std::vector<std::function<void()>> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(jobs_);
  }
  for (const auto& job : jobs)
    job();
}

std::chrono::milliseconds shop_floor::age() const {
  return open_ ? std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - opened_at_)
               : std::chrono::milliseconds(0);
}

void shop_floor::note(const error& failure) {
  ++counts_.failures;
  const auto now = clock::now();
  if (now < next_complaint_)
    return;
  next_complaint_ = now + complaint_interval;
  options_.complain(failure.message);
}

void shop_floor::open_more() {
  const auto all_open = shop_.open_some();
  if (!all_open) {
    note(all_open.error());
    next_visit_ = clock::now() + pause_after_failure;
    return;
  }
  if (!*all_open)
    return;
  open_ = true;
  opened_at_ = clock::now();
  next_report_ = opened_at_ + options_.report_interval;
  next_visit_ = opened_at_;
  options_.print("the shop is open, with " + std::to_string(shop_.stock().books.size()) + " books and " +
                 std::to_string(shop_.invented()) + " readers");
  schedule_visit();
}

void shop_floor::let_visit() {
  const auto reader = shop_.random().below(shop_.invented());
  schedule_visit();
  if (is_played_ && is_played_(reader))
    return;
  const auto outcome = shop_.visit(reader);
  if (!outcome) {
    note(outcome.error());
    next_visit_ = clock::now() + pause_after_failure;
    return;
  }
  if (*outcome)
    counts_.add(**outcome);
  if (!hinted_ && shop_.unknown_items() >= many_unknown_items) {
    hinted_ = true;
    options_.complain(
        "many recommended items are no books of this shop: the models must be trained on the files that "
        "winnow-bookshop --out writes with the same --seed, --books and --readers");
  }
}

/// Visits come independently of each other, so the pauses between them are exponential.
void shop_floor::schedule_visit() {
  if (options_.rate <= 0)
    return;
  const std::chrono::duration<double> pause(-std::log(1 - shop_.random().uniform()) / options_.rate);
  next_visit_ =
      std::max(next_visit_ + std::chrono::duration_cast<clock::duration>(pause), clock::now() - most_arrears);
}

void shop_floor::report() {
  next_report_ += options_.report_interval;
  options_.print(progress_line(counts_, age()));
}

} // namespace winnow
