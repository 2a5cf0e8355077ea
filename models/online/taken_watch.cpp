#include "models/online/taken_watch.hpp"

#include "models/learning/state_bytes.hpp"

#include <algorithm>
#include <limits>
#include <xxhash.h>

namespace winnow {

namespace {

// Among 20 items, two have the same hash with a probability of 5 in 10^8.
std::uint32_t hash_of(std::string_view item) {
  return static_cast<std::uint32_t>(XXH3_64bits(item.data(), item.size()));
}

} // namespace

const taken_watch::shown_list* taken_watch::find(std::uint64_t user) const {
  const auto found = by_user_.find(user);
  return found == by_user_.end() ? nullptr : &lists_[found->second];
}

taken_watch::sighting taken_watch::look(std::string_view user_id,
                                        gsl::span<const std::string> history) const {
  const std::vector<std::string_view> items(history.begin(), history.end());
  sighting seen;
  seen.user = user_marks::hash_of(user_id);
  seen.mark = mark_of(items);
  const std::lock_guard lock(mutex_);
  const auto* const last = find(seen.user);
  if (last == nullptr)
    return seen;
  seen.generation = last->generation;
  if (seen.mark == last->mark)
    return seen;
  const auto first = first_new_item(last->mark, items);
  for (auto i = first.value_or(items.size()); i < items.size(); ++i) {
    if (std::find(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), items[i]) !=
        items.begin() + static_cast<std::ptrdiff_t>(i))
      continue; // taken before, which lists leave out
    const auto* const end = last->items.begin() + last->length;
    const auto* const at = std::find(last->items.begin(), end, hash_of(items[i]));
    seen.places.push_back(at == end ? 0 : static_cast<std::size_t>(at - last->items.begin()) + 1);
  }
  return seen;
}

bool taken_watch::watches(std::string_view user_id) const {
  const auto user = user_marks::hash_of(user_id);
  const std::lock_guard lock(mutex_);
  return find(user) != nullptr;
}

/// Counts an item, also for its user.
void taken_watch::count_place(shown_list& of, std::uint16_t which, taken_outcome& outcome,
                              std::size_t place) {
  const double reciprocal = place == 0 ? 0 : 1.0 / static_cast<double>(place);
  if (of.counted_in != which + 1) { // the first one in this trial
    of.counted_in = static_cast<std::uint16_t>(which + 1);
    of.taken = of.hits = 0;
    of.reciprocal_places = 0;
    ++outcome.users;
  }
  if (of.taken < std::numeric_limits<std::uint16_t>::max()) {
    add_to_spread(outcome.spread, of.taken, of.hits, of.reciprocal_places, reciprocal);
    ++of.taken;
    of.hits = static_cast<std::uint16_t>(of.hits + (place > 0 ? 1 : 0));
    of.reciprocal_places += static_cast<float>(reciprocal);
  }
  ++outcome.taken;
  ++outcome.places[static_cast<std::size_t>(place_of(place))];
  outcome.reciprocal_places += reciprocal;
  outcome.squared_reciprocal_places += reciprocal * reciprocal;
}

/// With the lock.
std::vector<taken_watch::taken_item> taken_watch::count(const sighting& of, origin from, std::int64_t now) {
  std::vector<taken_item> taken;
  const auto found = by_user_.find(of.user);
  if (of.generation == 0 || of.places.empty() || found == by_user_.end())
    return taken;
  auto& last = lists_[found->second];
  if (last.generation != of.generation)
    return taken;
  const std::string version = outcomes_[last.outcome].version;
  const auto which = outcome_of(version, version == from.version ? from.trial : std::string_view());
  auto& outcome = outcomes_[which];
  const auto age = static_cast<double>(std::max<std::int64_t>(0, now - last.shown));
  outcome.since = outcome.taken == 0 ? now : outcome.since;
  outcome.until = now;
  for (const auto place : of.places) {
    taken.push_back({version, place, age});
    count_place(last, which, outcome, place);
    outcome.ages += place == 0 ? 0 : age;
  }
  return taken;
}

/// With the lock. Once there is no room, a list that was not touched for a whole round of the hand is
/// forgotten.
taken_watch::shown_list& taken_watch::place_for(std::uint64_t user) {
  if (const auto found = by_user_.find(user); found != by_user_.end())
    return lists_[found->second];
  if (lists_.size() < most_users_) {
    by_user_.emplace(user, static_cast<std::uint32_t>(lists_.size()));
    return lists_.emplace_back();
  }
  while (std::exchange(lists_[hand_].was_touched, false))
    hand_ = (hand_ + 1) % lists_.size();
  auto& place = lists_[hand_];
  if (place.generation != 0)
    by_user_.erase(place.user);
  place = {};
  by_user_.emplace(user, static_cast<std::uint32_t>(hand_));
  hand_ = (hand_ + 1) % lists_.size();
  return place;
}

/// With the lock.
std::uint16_t taken_watch::outcome_of(std::string_view version, std::string_view trial) {
  constexpr std::uint16_t most = std::numeric_limits<std::uint16_t>::max() - 1;
  const auto known = std::find_if(outcomes_.rbegin(), outcomes_.rend(), [&](const taken_outcome& one) {
    return one.version == version && one.trial == trial;
  });
  if (known != outcomes_.rend())
    return static_cast<std::uint16_t>(outcomes_.rend() - known - 1);
  if (outcomes_.size() > most) // not before 65,535 versions
    return most;
  outcomes_.emplace_back().version = version;
  outcomes_.back().trial = trial;
  return static_cast<std::uint16_t>(outcomes_.size() - 1);
}

std::vector<taken_watch::taken_item>
taken_watch::show(const sighting& of, gsl::span<const std::string_view> list, origin from, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  auto taken = count(of, from, now);
  if (most_users_ == 0)
    return taken;
  const auto outcome = outcome_of(from.version, from.trial);
  ++outcomes_[outcome].lists;
  auto& shown = place_for(of.user);
  shown.was_touched = true;
  shown.user = of.user;
  shown.generation = ++generation_;
  shown.shown = now;
  shown.mark = of.mark;
  shown.outcome = outcome;
  shown.length = static_cast<std::uint8_t>(std::min(list.size(), watched_items));
  std::transform(list.begin(), list.begin() + shown.length, shown.items.begin(), hash_of);
  return taken;
}

std::vector<taken_watch::taken_item> taken_watch::leave(const sighting& of, origin from, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  auto taken = count(of, from, now);
  if (const auto found = by_user_.find(of.user); found != by_user_.end())
    drop(found);
  return taken;
}

/// With the lock.
void taken_watch::drop(std::unordered_map<std::uint64_t, std::uint32_t>::iterator user) {
  lists_[user->second] = {};
  by_user_.erase(user);
  ++generation_;
}

bool taken_watch::forget(std::string_view user_id) {
  const std::lock_guard lock(mutex_);
  const auto found = by_user_.find(user_marks::hash_of(user_id));
  if (found == by_user_.end())
    return false;
  drop(found);
  ++forgotten_;
  return true;
}

void taken_watch::save(state_writer& into) const {
  const std::lock_guard lock(mutex_);
  into.put<std::uint64_t>(outcomes_.size());
  for (const auto& one : outcomes_) {
    into.put_text(one.version);
    into.put_text(one.trial);
    into.put(one.lists);
    into.put(one.users);
    into.put(one.spread);
    into.put(one.taken);
    into.put(one.places);
    into.put(one.reciprocal_places);
    into.put(one.squared_reciprocal_places);
    into.put(one.ages);
    into.put(one.since);
    into.put(one.until);
  }
  into.put_all(lists_);
}

bool taken_watch::restore(state_reader& from) {
  std::vector<taken_outcome> outcomes(
      std::min<std::uint64_t>(from.get<std::uint64_t>(), std::numeric_limits<std::uint16_t>::max()));
  for (auto& one : outcomes) {
    one.version = from.get_text();
    one.trial = from.get_text();
    one.lists = from.get<std::uint64_t>();
    one.users = from.get<std::uint64_t>();
    one.spread = from.get<sums_over_users>();
    one.taken = from.get<std::uint64_t>();
    one.places = from.get<std::array<std::uint64_t, taken_places>>();
    one.reciprocal_places = from.get<double>();
    one.squared_reciprocal_places = from.get<double>();
    one.ages = from.get<double>();
    one.since = from.get<std::int64_t>();
    one.until = from.get<std::int64_t>();
    if (from.is_broken())
      return false;
  }
  auto lists = from.get_all<shown_list>();
  if (from.is_broken())
    return false;
  const std::lock_guard lock(mutex_);
  outcomes_ = std::move(outcomes);
  lists_.clear();
  by_user_.clear();
  hand_ = 0;
  for (const auto& one : lists) {
    if (one.generation == 0 || one.outcome >= outcomes_.size() || lists_.size() == most_users_)
      continue;
    by_user_.emplace(one.user, static_cast<std::uint32_t>(lists_.size()));
    lists_.push_back(one);
    lists_.back().length = std::min<std::uint8_t>(one.length, watched_items);
    generation_ = std::max(generation_, one.generation);
  }
  return true;
}

std::uint64_t taken_watch::changes() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

std::uint64_t taken_watch::forgotten() const {
  const std::lock_guard lock(mutex_);
  return forgotten_;
}

std::vector<taken_outcome> taken_watch::outcomes() const {
  const std::lock_guard lock(mutex_);
  return outcomes_;
}

std::size_t taken_watch::users() const {
  const std::lock_guard lock(mutex_);
  return by_user_.size();
}

} // namespace winnow
