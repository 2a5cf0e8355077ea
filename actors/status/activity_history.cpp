#include "actors/status/activity_history.hpp"

#include <algorithm>
#include <set>

namespace winnow {

namespace {

double seconds_of(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

} // namespace

void activity_history::advance(track& followed, actor_record& record, clock::time_point now) {
  second last;
  last.begin = followed.last;
  last.end = now;
  const auto handled = record.handled_count();
  const auto busy = record.busy();
  latency_buckets::counts latencies;
  record.copy_latencies(latencies);
  last.longest = record.take_longest();
  if (followed.last != clock::time_point{}) { // an actor's first tick has nothing to compare with
    last.handled = handled - followed.handled;
    last.busy = std::max(busy - followed.busy, std::chrono::nanoseconds::zero());
    for (std::size_t i = 0; i < latencies.size(); ++i)
      last.latencies[i] = latencies[i] - followed.latencies[i];
    followed.seconds.push_back(last);
  }
  followed.last = now;
  followed.handled = handled;
  followed.busy = busy;
  followed.latencies = latencies;
  if (followed.seconds.size() > kept_seconds)
    followed.seconds.pop_front();
}

latency_buckets::counts activity_history::latencies_of(const track& followed, std::size_t seconds) {
  latency_buckets::counts sum{};
  const auto count = std::min(seconds, followed.seconds.size());
  for (auto one = followed.seconds.end() - static_cast<std::ptrdiff_t>(count); one != followed.seconds.end();
       ++one)
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += one->latencies[i];
  return sum;
}

actor_figures activity_history::figures_of(const track& followed, std::size_t rate_over) {
  actor_figures figures;
  const auto count = std::min(rate_over, followed.seconds.size());
  if (count == 0)
    return figures;
  const auto first = followed.seconds.end() - static_cast<std::ptrdiff_t>(count);
  const double length = seconds_of(followed.seconds.back().end - first->begin);
  for (auto one = first; length > 0 && one != followed.seconds.end(); ++one) {
    figures.rate += static_cast<double>(one->handled) / length;
    figures.busy += seconds_of(one->busy) / length;
  }
  return figures;
}

void activity_history::tick(const std::vector<actor_record_ptr>& records, clock::time_point now) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, followed] : tracks_)
    followed.present = false;
  sample seen{std::chrono::system_clock::now(), {}};
  std::set<std::uint64_t> inner; // the root and the groups; only their direct children get samples
  for (const auto& record : records) {
    auto& followed = tracks_[record->id()];
    followed.present = true;
    advance(followed, *record, now);
    if (record->parent() == 0 || record->is_group())
      inner.insert(record->id());
    if (record->is_group() || (record->parent() != 0 && inner.count(record->parent()) == 0))
      continue;
    names_[record->id()] = record->name();
    const auto figures = figures_of(followed, 1);
    const auto latencies = latencies_of(followed, rate_seconds);
    const auto status = record->status();
    seen.points.push_back({record->id(), static_cast<float>(figures.rate), static_cast<float>(figures.busy),
                           static_cast<float>(latency_buckets::quantile(latencies, 0.5).count()),
                           static_cast<float>(latency_buckets::quantile(latencies, 0.99).count()),
                           static_cast<std::uint32_t>(status.queue_depth),
                           static_cast<std::uint32_t>(status.in_flight)});
  }
  for (auto followed = tracks_.begin(); followed != tracks_.end();)
    followed = followed->second.present ? std::next(followed) : tracks_.erase(followed);
  samples_.push_back(std::move(seen));
  if (samples_.size() > kept_samples)
    samples_.pop_front();
}

actor_figures activity_history::figures(std::uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto followed = tracks_.find(id);
  if (followed == tracks_.end())
    return {};
  auto figures = figures_of(followed->second, rate_seconds);
  const auto latencies = latencies_of(followed->second, kept_seconds);
  for (const auto& one : followed->second.seconds)
    figures.longest =
        std::max(figures.longest, std::chrono::duration_cast<std::chrono::microseconds>(one.longest));
  // Quantiles are bucket-accurate, the maximum is exact: a quantile must not exceed it.
  figures.p50 = std::min(latency_buckets::quantile(latencies, 0.5), figures.longest);
  figures.p99 = std::min(latency_buckets::quantile(latencies, 0.99), figures.longest);
  return figures;
}

activity_history::samples activity_history::since(std::chrono::system_clock::time_point when) const {
  const std::lock_guard lock(mutex_);
  auto first = samples_.end();
  while (first != samples_.begin() && std::prev(first)->time > when)
    --first;
  return {names_, {first, samples_.end()}};
}

} // namespace winnow
