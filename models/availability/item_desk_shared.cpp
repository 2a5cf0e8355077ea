#include "models/availability/item_desk.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

// What a desk tells the other replicas of a fleet, and is told by them.

namespace winnow {

void item_desk::share() {
  const std::lock_guard lock(mutex_);
  shares_ = true;
}

/// Later than anything said before about the item, also by replicas whose clocks are ahead: what a client
/// says last must hold.
std::int64_t item_desk::time_for(const std::string& item_id) {
  if (!shares_)
    return now_();
  last_time_ = std::max({now_(), last_time_ + 1, updates_->last_said(item_id) + 1});
  return last_time_;
}

void item_desk::note_said(const item_change& change, std::int64_t time) {
  if (!shares_)
    return;
  if (!change.attributes) {
    said_.push_back({change.item_id, {}, time, nullptr});
    return;
  }
  const auto base = base_of(change);
  for (const auto& [name, value] : change.attributes->items())
    said_.push_back({change.item_id, name, time, value, std::optional(base.at(name))});
}

std::vector<item_fact> item_desk::take_said() {
  const std::lock_guard lock(mutex_);
  return std::exchange(said_, {});
}

/// What the items file said when another replica was told this. If that replica does not say it, what the own
/// file says; empty if that is unknown, too, as the file is later.
nlohmann::json item_desk::base_of(const item_fact& fact) const {
  if (fact.base)
    return nlohmann::json{{fact.attribute, *fact.base}};
  if (file_time() > fact.time)
    return nlohmann::json::object();
  return base_of(item_change{fact.item_id, nlohmann::json{{fact.attribute, fact.value}}});
}

bool item_desk::take(gsl::span<const item_fact> told) {
  const std::lock_guard lock(mutex_);
  if (!updates_)
    return false;
  std::map<std::string, std::int64_t> reset; // what was said before is among all that was told, too
  for (const auto& fact : told)
    if (fact.attribute.empty())
      reset[fact.item_id] = std::max(reset[fact.item_id], fact.time);
  bool is_news = false;
  for (const auto& fact : told) {
    const auto until = reset.find(fact.item_id);
    if (fact.attribute.empty() || until == reset.end() || fact.time > until->second)
      is_news = updates_->take(fact, base_of(fact)) || is_news;
  }
  if (is_news)
    merge();
  if (!told.empty())
    write_updates(); // also resets that change nothing here
  return is_news;
}

std::vector<item_fact> item_desk::ahead_of(gsl::span<const item_fact> told) const {
  std::map<std::pair<std::string, std::string>, std::int64_t> times;
  for (const auto& fact : told)
    times[{fact.item_id, fact.attribute}] = fact.time;
  const std::lock_guard lock(mutex_);
  auto all = updates_ ? updates_->facts() : std::vector<item_fact>();
  const auto is_known = [&](const item_fact& fact) {
    const auto same = times.find({fact.item_id, fact.attribute});
    const auto reset = times.find({fact.item_id, {}});
    return (same != times.end() && same->second >= fact.time) ||
           (reset != times.end() && reset->second >= fact.time);
  };
  all.erase(std::remove_if(all.begin(), all.end(), is_known), all.end());
  return all;
}

} // namespace winnow
