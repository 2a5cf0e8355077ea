#include "actors/status/actor_tree.hpp"

#include <algorithm>

namespace winnow {

actor_record_ptr actor_tree::add(std::string name, std::uint64_t parent, actor_record::kind what) {
  const std::lock_guard lock(mutex_);
  places_.push_back({std::make_shared<actor_record>(std::move(name), ++last_id_, parent, what), {}});
  return places_.back().record;
}

void actor_tree::remove(const actor_record& gone) {
  const std::lock_guard lock(mutex_);
  places_.erase(std::remove_if(places_.begin(), places_.end(),
                               [&](const place& one) { return one.record.get() == &gone; }),
                places_.end());
}

actor_tree::place* actor_tree::find(const actor_record& record) {
  const auto found = std::find_if(places_.begin(), places_.end(),
                                  [&](const place& one) { return one.record.get() == &record; });
  return found == places_.end() ? nullptr : &*found;
}

void actor_tree::started(actor_record& record, status_actor actor) {
  record.started();
  const std::lock_guard lock(mutex_);
  if (auto* taken = find(record); taken && !closed_)
    taken->actor = std::move(actor);
}

void actor_tree::died(actor_record& record, std::string reason) {
  record.died(std::move(reason));
  const std::lock_guard lock(mutex_);
  if (auto* left = find(record))
    left->actor = nullptr;
}

std::vector<actor_tree::place> actor_tree::places() const {
  const std::lock_guard lock(mutex_);
  std::vector<place> ordered;
  ordered.reserve(places_.size());
  append(ordered, 0);
  return ordered;
}

void actor_tree::append(std::vector<place>& ordered, std::uint64_t parent) const {
  for (const auto& one : places_)
    if (one.record->parent() == parent) {
      ordered.push_back(one);
      append(ordered, one.record->id());
    }
}

status_actor actor_tree::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(places_.begin(), places_.end(),
                                  [&](const place& one) { return one.record->name() == name; });
  return found == places_.end() ? status_actor() : found->actor;
}

void actor_tree::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (auto& one : places_)
    one.actor = nullptr;
}

} // namespace winnow
