#include "models/learning/state_bytes.hpp"
#include "models/online/taken_watch.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

// What a watch knows: to be shown, and to go on with.

namespace winnow {

namespace {

constexpr std::uint64_t most_outcomes = std::numeric_limits<std::uint16_t>::max();

template<class Outcomes>
void save_outcomes(const Outcomes& outcomes, state_writer& into) {
  into.put<std::uint64_t>(outcomes.size());
  for (const taken_outcome& one : outcomes) {
    into.put_text(one.version);
    into.put_text(one.trial);
    into.put_text(one.placement);
    into.put(one.day);
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
}

/// Reads until the end or until the state is broken.
std::vector<taken_outcome> read_outcomes(state_reader& from) {
  std::vector<taken_outcome> outcomes(std::min(from.get<std::uint64_t>(), most_outcomes));
  for (auto& one : outcomes) {
    one.version = from.get_text();
    one.trial = from.get_text();
    one.placement = from.get_text();
    one.day = from.get<std::int64_t>();
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
      break;
  }
  return outcomes;
}

/// The items beyond the usual ones, by the key of their list. Reads until the end or until the state is
/// broken.
std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> read_more_items(state_reader& from) {
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> read;
  for (auto left = from.get<std::uint64_t>(); left > 0 && !from.is_broken(); --left) {
    const auto key = from.get<std::uint64_t>();
    read[key] = from.get_all<std::uint32_t>();
  }
  return read;
}

} // namespace

void taken_watch::save(state_writer& into) const {
  const std::lock_guard lock(mutex_);
  save_outcomes(outcomes_, into);
  save_outcomes(days_, into);
  into.put(first_day_);
  into.put_all(lists_);
  into.put<std::uint64_t>(more_items_.size());
  for (const auto& [key, items] : more_items_) {
    into.put(key);
    into.put_all(items);
  }
}

/// With the lock. How many items of a list that was read are there.
std::uint8_t taken_watch::kept_length(const shown_list& list) const {
  const auto more = more_items_.find(list.key);
  const auto kept = usual_items + (more == more_items_.end() ? 0 : more->second.size());
  return static_cast<std::uint8_t>(std::min<std::size_t>(list.length, kept));
}

bool taken_watch::restore(state_reader& from) {
  auto outcomes = read_outcomes(from);
  const auto days = read_outcomes(from);
  const auto first_day = from.get<std::uint32_t>();
  const auto lists = from.get_all<shown_list>();
  auto more_items = read_more_items(from);
  if (from.is_broken())
    return false;
  const std::lock_guard lock(mutex_);
  outcomes_ = std::move(outcomes);
  days_.assign(days.begin(), days.end());
  first_day_ = first_day;
  lists_.clear();
  by_key_.clear();
  more_items_ = std::move(more_items);
  placements_.clear();
  placed_ = hand_ = 0;
  for (const auto& one : outcomes_)
    knows(one.placement);
  for (const auto& one : lists) {
    if (one.generation == 0 || one.outcome >= outcomes_.size() || lists_.size() == most_users_) {
      more_items_.erase(one.key);
      continue;
    }
    by_key_.emplace(one.key, static_cast<std::uint32_t>(lists_.size()));
    lists_.push_back(one);
    lists_.back().length = kept_length(one);
    placed_ += one.is_placed ? 1 : 0;
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

std::vector<taken_outcome> taken_watch::days() const {
  const std::lock_guard lock(mutex_);
  return {days_.begin(), days_.end()};
}

std::size_t taken_watch::users() const {
  const std::lock_guard lock(mutex_);
  return by_key_.size() - placed_;
}

} // namespace winnow
