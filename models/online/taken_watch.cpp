#include "models/online/taken_watch.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <xxhash.h>

namespace winnow {

namespace {

constexpr std::int64_t seconds_a_day = 86'400;
constexpr std::int64_t kept_days = 30;
constexpr std::size_t most_day_outcomes = 4096;
constexpr std::size_t most_placements = 100; // as many as a file of rules may have

// Among 20 items, two have the same hash with a probability of 5 in 10^8, among 200 of 5 in 10^6.
std::uint32_t hash_of(std::string_view item) {
  return static_cast<std::uint32_t>(XXH3_64bits(item.data(), item.size()));
}

std::uint64_t key_of(std::string_view user_id, std::string_view placement) {
  if (placement.empty())
    return user_marks::hash_of(user_id);
  const auto seed = XXH3_64bits(placement.data(), placement.size());
  return XXH3_64bits_withSeed(user_id.data(), user_id.size(), seed);
}

} // namespace

const taken_watch::shown_list* taken_watch::find(std::uint64_t key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &lists_[found->second];
}

/// With the lock. @return The list, if it still is the one that was found; else null.
taken_watch::shown_list* taken_watch::unchanged(const found_list& of) {
  if (of.generation == 0 || of.index >= lists_.size())
    return nullptr;
  auto& list = lists_[of.index];
  return list.key == of.key && list.generation == of.generation ? &list : nullptr;
}

/// With the lock. @return Counted from 1; 0: not on the list.
std::size_t taken_watch::place_on(const shown_list& list, std::string_view item) const {
  const auto hash = hash_of(item);
  const auto* const end = list.items.begin() + std::min<std::size_t>(list.length, usual_items);
  if (const auto* const at = std::find(list.items.begin(), end, hash); at != end)
    return static_cast<std::size_t>(at - list.items.begin()) + 1;
  if (list.length <= usual_items)
    return 0;
  const auto& more = more_items_.at(list.key);
  const auto at = std::find(more.begin(), more.end(), hash);
  return at == more.end() ? 0 : usual_items + static_cast<std::size_t>(at - more.begin()) + 1;
}

/// With the lock.
void taken_watch::keep_items(shown_list& of, gsl::span<const std::string_view> list) {
  static_assert(watched_items <= std::numeric_limits<std::uint8_t>::max());
  const auto length = std::min<std::size_t>(list.size(), watched_items);
  const auto usual = std::min(length, usual_items);
  const auto* const first = list.data();
  of.length = static_cast<std::uint8_t>(length);
  std::transform(first, first + usual, of.items.begin(), hash_of);
  if (length == usual) {
    more_items_.erase(of.key);
    return;
  }
  auto& more = more_items_[of.key];
  more.resize(length - usual);
  more.shrink_to_fit();
  std::transform(first + usual, first + length, more.begin(), hash_of);
}

/// With the lock. Finds the new items of a history on a list.
taken_watch::found_list taken_watch::compare(std::uint64_t key, history_mark mark,
                                             gsl::span<const std::string_view> items) const {
  found_list found;
  found.key = key;
  const auto* const last = find(key);
  if (last == nullptr)
    return found;
  found.generation = last->generation;
  found.index = static_cast<std::uint32_t>(last - lists_.data());
  if (mark == last->mark)
    return found;
  const auto first = first_new_item(last->mark, items);
  for (auto i = first.value_or(items.size()); i < items.size(); ++i) {
    const auto* const end = items.data() + i;
    if (std::find(items.data(), end, *end) != end)
      continue; // taken before, which lists leave out
    found.places.push_back(place_on(*last, *end));
  }
  return found;
}

taken_watch::sighting taken_watch::look(std::string_view user_id, gsl::span<const std::string> history,
                                        std::string_view placement) const {
  const std::vector<std::string_view> items(history.begin(), history.end());
  sighting seen;
  seen.mark = mark_of(items);
  const std::lock_guard lock(mutex_);
  seen.last = compare(key_of(user_id, placement), seen.mark, items);
  if (placement.empty() && placed_ > 0)
    for (const auto& name : placements_) {
      const auto key = key_of(user_id, name);
      if (const auto* const list = find(key); list != nullptr && !(list->mark == seen.mark))
        seen.placed.push_back(compare(key, seen.mark, items));
    }
  return seen;
}

bool taken_watch::watches(std::string_view user_id) const {
  const std::lock_guard lock(mutex_);
  const auto has = [&](std::string_view placement) { return find(key_of(user_id, placement)) != nullptr; };
  return has({}) || (placed_ > 0 && std::any_of(placements_.begin(), placements_.end(), has));
}

/// Counts an item, also for its user.
void taken_watch::count_place(user_part& of, std::uint32_t number, taken_outcome& outcome, std::size_t place,
                              double age, std::int64_t now) {
  const double reciprocal = place == 0 ? 0 : 1.0 / static_cast<double>(place);
  if (of.counted_in != number + 1) { // the user's first one of this outcome
    of = {number + 1, 0, 0, 0};
    ++outcome.users;
  }
  if (of.taken < std::numeric_limits<std::uint16_t>::max()) {
    add_to_spread(outcome.spread, of.taken, of.hits, of.reciprocal_places, reciprocal);
    ++of.taken;
    of.hits = static_cast<std::uint16_t>(of.hits + (place > 0 ? 1 : 0));
    of.reciprocal_places += static_cast<float>(reciprocal);
  }
  outcome.since = outcome.taken == 0 ? now : outcome.since;
  outcome.until = now;
  ++outcome.taken;
  ++outcome.places[static_cast<std::size_t>(place_of(place))];
  outcome.reciprocal_places += reciprocal;
  outcome.squared_reciprocal_places += reciprocal * reciprocal;
  outcome.ages += place == 0 ? 0 : age;
}

/// With the lock.
void taken_watch::count(const found_list& of, const origin& from, std::int64_t now,
                        std::vector<taken_item>& taken) {
  if (of.places.empty())
    return;
  auto* const last = unchanged(of);
  if (last == nullptr)
    return;
  const auto shown = outcomes_[last->outcome]; // a copy: another one may be added
  const auto which = outcome_of(
      shown.version, shown.version == from.version ? from.trial : std::string_view(), shown.placement);
  const auto day = day_of(shown, now);
  const auto age = static_cast<double>(std::max<std::int64_t>(0, now - last->shown));
  for (const auto place : of.places) {
    taken.push_back({shown.version, shown.placement, place, age});
    count_place(last->in_trial, which, outcomes_[which], place, age, now);
    count_place(last->on_day, day, days_[day - first_day_], place, age, now);
  }
}

/// With the lock. The lists of placements have counted then.
std::vector<taken_watch::taken_item> taken_watch::count_all(const sighting& of, const origin& from,
                                                            std::int64_t now) {
  std::vector<taken_item> taken;
  count(of.last, from, now, taken);
  for (const auto& one : of.placed) {
    count(one, from, now, taken);
    if (unchanged(one) != nullptr)
      drop(by_key_.find(one.key));
  }
  return taken;
}

/// With the lock. Once there is no room, a list that was not touched for a whole round of the hand is
/// forgotten.
taken_watch::shown_list& taken_watch::place_for(const found_list& of) {
  if (auto* const list = unchanged(of))
    return *list; // without a second search, which would miss the caches
  if (const auto found = by_key_.find(of.key); found != by_key_.end())
    return lists_[found->second];
  if (lists_.size() < most_users_) {
    by_key_.emplace(of.key, static_cast<std::uint32_t>(lists_.size()));
    return lists_.emplace_back();
  }
  while (std::exchange(lists_[hand_].was_touched, false))
    hand_ = (hand_ + 1) % lists_.size();
  auto& place = lists_[hand_];
  if (place.generation != 0)
    drop(by_key_.find(place.key));
  by_key_.emplace(of.key, static_cast<std::uint32_t>(hand_));
  hand_ = (hand_ + 1) % lists_.size();
  return place;
}

/// With the lock.
std::uint16_t taken_watch::outcome_of(std::string_view version, std::string_view trial,
                                      std::string_view placement) {
  constexpr std::uint16_t most = std::numeric_limits<std::uint16_t>::max() - 1;
  const auto known = std::find_if(outcomes_.rbegin(), outcomes_.rend(), [&](const taken_outcome& one) {
    return one.version == version && one.trial == trial && one.placement == placement;
  });
  if (known != outcomes_.rend())
    return static_cast<std::uint16_t>(outcomes_.rend() - known - 1);
  if (outcomes_.size() > most) // not before 65,535 of them
    return most;
  auto& added = outcomes_.emplace_back();
  added.version = version;
  added.trial = trial;
  added.placement = placement;
  return static_cast<std::uint16_t>(outcomes_.size() - 1);
}

/// With the lock. @return The number of what is counted today.
std::uint32_t taken_watch::day_of(const taken_outcome& of, std::int64_t now) {
  const auto day = now / seconds_a_day;
  for (auto i = days_.size(); i-- > 0;)
    if (days_[i].day == day && days_[i].version == of.version && days_[i].placement == of.placement)
      return first_day_ + static_cast<std::uint32_t>(i);
  auto& added = days_.emplace_back();
  added.version = of.version;
  added.placement = of.placement;
  added.day = day;
  while (days_.size() > most_day_outcomes || days_.front().day + kept_days <= day) {
    days_.pop_front();
    ++first_day_;
  }
  return first_day_ + static_cast<std::uint32_t>(days_.size() - 1);
}

/// With the lock. @return Whether lists of this placement are watched.
bool taken_watch::knows(std::string_view placement) {
  if (placement.empty() || std::find(placements_.begin(), placements_.end(), placement) != placements_.end())
    return true;
  if (placements_.size() == most_placements)
    return false;
  placements_.emplace_back(placement);
  return true;
}

std::vector<taken_watch::taken_item>
taken_watch::show(const sighting& of, gsl::span<const std::string_view> list, origin from, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  auto taken = count_all(of, from, now);
  if (most_users_ == 0 || !knows(from.placement))
    return taken;
  const auto outcome = outcome_of(from.version, from.trial, from.placement);
  ++outcomes_[outcome].lists;
  auto& shown = place_for(of.last);
  placed_ += !from.placement.empty() && !shown.is_placed ? 1 : 0;
  shown.is_placed = !from.placement.empty();
  shown.was_touched = true;
  shown.key = of.last.key;
  shown.generation = ++generation_;
  shown.shown = now;
  shown.mark = of.mark;
  shown.outcome = outcome;
  keep_items(shown, list);
  return taken;
}

std::vector<taken_watch::taken_item> taken_watch::leave(const sighting& of, origin from, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  auto taken = count_all(of, from, now);
  if (const auto found = by_key_.find(of.last.key); found != by_key_.end())
    drop(found);
  return taken;
}

/// With the lock.
void taken_watch::drop(lists_by_key::iterator list) {
  placed_ -= lists_[list->second].is_placed ? 1 : 0;
  more_items_.erase(list->first);
  lists_[list->second] = {};
  by_key_.erase(list);
  ++generation_;
}

bool taken_watch::forget(std::string_view user_id) {
  const std::lock_guard lock(mutex_);
  bool was_there = false;
  const auto forget_at = [&](std::string_view placement) {
    const auto found = by_key_.find(key_of(user_id, placement));
    if (found == by_key_.end())
      return;
    drop(found);
    was_there = true;
  };
  forget_at({});
  for (const auto& name : placements_)
    forget_at(name);
  forgotten_ += was_there ? 1 : 0;
  return was_there;
}

void taken_watch::forget_all() {
  const std::lock_guard lock(mutex_);
  forgotten_ += by_key_.size();
  lists_.clear();
  by_key_.clear();
  more_items_.clear();
  placed_ = hand_ = 0;
}

} // namespace winnow
