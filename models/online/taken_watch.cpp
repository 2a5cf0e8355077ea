#include "models/online/taken_watch.hpp"

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

/// With the lock.
std::vector<taken_watch::taken_item> taken_watch::count(const sighting& of, std::int64_t now) {
  std::vector<taken_item> taken;
  const auto* const last = find(of.user);
  if (of.generation == 0 || last == nullptr || last->generation != of.generation)
    return taken;
  auto& outcome = outcomes_[last->outcome];
  const auto age = static_cast<double>(std::max<std::int64_t>(0, now - last->shown));
  for (const auto place : of.places) {
    taken.push_back({outcome.version, place, age});
    const double reciprocal = place == 0 ? 0 : 1.0 / static_cast<double>(place);
    outcome.since = outcome.taken == 0 ? now : outcome.since;
    outcome.until = now;
    ++outcome.taken;
    ++outcome.places[static_cast<std::size_t>(place_of(place))];
    outcome.reciprocal_places += reciprocal;
    outcome.squared_reciprocal_places += reciprocal * reciprocal;
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
  by_user_.emplace(user, static_cast<std::uint32_t>(hand_));
  hand_ = (hand_ + 1) % lists_.size();
  return place;
}

/// With the lock.
std::uint16_t taken_watch::outcome_of(std::string_view version) {
  const auto known = std::find_if(outcomes_.rbegin(), outcomes_.rend(),
                                  [&](const taken_outcome& one) { return one.version == version; });
  if (known != outcomes_.rend())
    return static_cast<std::uint16_t>(outcomes_.rend() - known - 1);
  if (outcomes_.size() > std::numeric_limits<std::uint16_t>::max()) // not before 65,536 versions
    return std::numeric_limits<std::uint16_t>::max();
  outcomes_.emplace_back().version = version;
  return static_cast<std::uint16_t>(outcomes_.size() - 1);
}

std::vector<taken_watch::taken_item> taken_watch::show(const sighting& of,
                                                       gsl::span<const std::string_view> list,
                                                       std::string_view version, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  auto taken = count(of, now);
  if (most_users_ == 0)
    return taken;
  const auto outcome = outcome_of(version);
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

std::vector<taken_watch::taken_item> taken_watch::leave(const sighting& of, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  auto taken = count(of, now);
  if (const auto found = by_user_.find(of.user); found != by_user_.end()) {
    lists_[found->second].generation = 0;
    lists_[found->second].was_touched = false;
    lists_[found->second].length = 0;
    by_user_.erase(found);
  }
  return taken;
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
