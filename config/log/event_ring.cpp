#include "config/log/event_ring.hpp"

#include "config/settings/table/setting_value.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t longest_text = 512;

std::string epoch_of_now() {
  static std::atomic<std::uint64_t> rings{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()) + "." +
         std::to_string(++rings);
}

kept_event copy_of(const log_record& record) {
  kept_event copy;
  copy.time = copy.first_time = record.time;
  copy.level = record.level;
  copy.component = record.component;
  copy.event = record.event;
  for (const auto& field : record.fields) {
    copy.fields.emplace_back(field.name, field.value);
    auto* const text = std::get_if<std::string>(&copy.fields.back().second);
    if (text && text->size() > longest_text) {
      text->resize(longest_text);
      *text += "…";
    }
  }
  return copy;
}

std::string kind_of(const kept_event& one) {
  return std::string(to_string(one.level)) + ' ' + one.component + ' ' + one.event;
}

} // namespace

event_ring::event_ring(ring_limits limits) : limits_(limits), epoch_(epoch_of_now()) {}

bool event_ring::is_repeat(const kind& same, const kept_event& now) const {
  if (same.empty())
    return false;
  const kept_event& newest = *same.back();
  if (newest.fields == now.fields && now.time - newest.first_time < limits_.repeat_window)
    return true;
  return same.size() >= limits_.burst &&
         now.time - same[same.size() - limits_.burst]->first_time < limits_.burst_window;
}

void event_ring::repeat(events::iterator known, kept_event now) {
  known->id = now.id;
  known->time = now.time;
  known->fields = std::move(now.fields);
  ++known->count;
  events_.splice(events_.end(), events_, known);
}

/// Removes the oldest event of a kind.
void event_ring::forget(std::unordered_map<std::string, kind>::iterator of) {
  events_.erase(of->second.front());
  of->second.pop_front();
  if (of->second.empty())
    kinds_.erase(of);
}

void event_ring::add(const log_record& record) {
  kept_event now = copy_of(record);
  const std::string key = kind_of(now);
  const std::lock_guard lock(mutex_);
  now.id = now.first_id = last_id_ + 1;
  const auto of = kinds_.try_emplace(key).first;
  if (is_repeat(of->second, now)) {
    repeat(of->second.back(), std::move(now));
  } else {
    events_.push_back(std::move(now));
    of->second.push_back(std::prev(events_.end()));
    if (of->second.size() > limits_.of_a_kind)
      forget(of);
    else if (events_.size() > limits_.events)
      forget(kinds_.find(kind_of(events_.front())));
  }
  ++last_id_; // only now, so that readers find the event
}

std::vector<kept_event> event_ring::since(std::uint64_t id) const {
  const std::lock_guard lock(mutex_);
  auto first = events_.end();
  while (first != events_.begin() && std::prev(first)->id > id)
    --first;
  return {first, events_.end()};
}

event_ring& kept_events() {
  static auto* const ring = new event_ring(); // never destroyed, like the logger
  return *ring;
}

} // namespace winnow
