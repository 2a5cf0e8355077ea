#include "models/files/id_field.hpp"
#include "models/learning/live_learner.hpp"
#include "models/learning/state_bytes.hpp"

#include <utility>

// What a learner keeps over restarts.

namespace winnow {

void user_marks::save(state_writer& into) const {
  std::vector<entry> taken;
  for (const auto& one : slots_)
    if (one.user != 0)
      taken.push_back(one);
  into.put_all(taken);
}

void user_marks::restore(state_reader& from) {
  for (const auto& one : from.get_all<entry>())
    if (one.user != 0)
      note(one.user, one.mark);
}

namespace {

void save_event(const item_event& event, state_writer& into) {
  into.put(event.user);
  into.put(event.row ? std::int64_t{*event.row} : -1);
  into.put_all(event.before);
}

item_event restored_event(state_reader& from) {
  item_event event;
  event.user = from.get<std::uint64_t>();
  const auto row = from.get<std::int64_t>();
  if (row >= 0)
    event.row = static_cast<std::uint32_t>(row);
  event.before = from.get_all<std::uint32_t>();
  return event;
}

} // namespace

void adoption_candidates::save(state_writer& into) const {
  into.put<std::uint64_t>(waiting_.size());
  for (const auto& [id, events] : waiting_) {
    into.put_text(id);
    into.put<std::uint64_t>(events.size());
    for (const auto& event : events)
      save_event(event, into);
  }
}

std::size_t adoption_candidates::restore(state_reader& from) {
  std::size_t left_out = 0;
  const auto items = from.get<std::uint64_t>();
  for (std::uint64_t item = 0; item < items && !from.is_broken(); ++item) {
    const auto id = from.get_text();
    const auto count = from.get<std::uint64_t>();
    std::vector<item_event> events;
    for (std::uint64_t at = 0; at < count && !from.is_broken(); ++at)
      events.push_back(restored_event(from));
    if (!is_item_id(id)) {
      ++left_out;
      continue;
    }
    waiting_[id] = std::move(events); // as they were, even if fewer readers are enough now
    by_age_.push_back(id);
    forget_oldest();
  }
  return left_out;
}

void adopted_shelf::save(state_writer& into) const {
  into.put<std::uint64_t>(items_.size());
  for (std::size_t at = 0; at < items_.size(); ++at) {
    const auto& one = items_[at];
    into.put_text(ids_[at]);
    for (const auto* sums : {&one.neighbours, &one.readers, &one.din_sum, &one.ranknet_sum})
      into.put_all(*sums);
    into.put_all(std::vector<float>()); // earlier versions kept the row of the feature file here
    into.put(one.weight);
    into.put(one.taken);
  }
}

std::vector<bool> adopted_shelf::restore(state_reader& from) {
  std::vector<bool> kept;
  const auto items = from.get<std::uint64_t>();
  for (std::uint64_t at = 0; at < items && !from.is_broken(); ++at) {
    const auto id = from.get_text();
    auto one = empty_item();
    for (auto* sums : {&one.neighbours, &one.readers, &one.din_sum, &one.ranknet_sum}) {
      auto values = from.get_all<float>();
      if (values.size() == sums->size())
        *sums = std::move(values);
    }
    from.get_all<float>(); // a row of the feature file, whose columns may be others now: it is read again
    one.weight = from.get<float>();
    one.taken = from.get<std::uint32_t>();
    kept.push_back(is_item_id(id));
    if (kept.back())
      items_[add(id)] = std::move(one);
  }
  return kept;
}

void live_learner::save(state_writer& into) const {
  auto pages = pages_.with(gains_, options_.successors);
  marks_.save(into);
  candidates_.save(into);
  shelf_.save(into);
  into.put_all(taken_);
  into.put_all(recent_ ? recent_->now() : std::vector<float>());
  into.put(trained_share_);
  into.put(time_zero_);
  into.put(time_);
  into.put(has_time_);
  into.put<std::uint64_t>(pages.size());
  pages.for_each([&](std::uint32_t item, gsl::span<const scored_item> successors) {
    for (const auto& next : successors)
      into.put(transition_gain{item, next.item, next.score});
  });
}

bool live_learner::restore(state_reader& from) {
  live_learner next(trained_, options_, user_marks(options_.most_users));
  next.knows_counted_ = knows_counted_;
  next.marks_.restore(from);
  next.left_out_ = next.candidates_.restore(from);
  const item_renumbering numbers(trained_->items.size(), next.shelf_.restore(from));
  next.left_out_ += numbers.left_out();
  next.candidates_.renumber(numbers);
  next.candidates_.find_rows(*trained_->users); // the same items may be served with other users
  next.taken_ = numbers.kept_of(from.get_all<float>());
  auto recent = numbers.kept_of(from.get_all<float>());
  next.trained_share_ = from.get<float>();
  next.time_zero_ = from.get<double>();
  next.time_ = from.get<double>();
  next.has_time_ = from.get<bool>();
  const auto items = next.taken_.size();
  const auto transitions = from.get<std::uint64_t>();
  std::vector<transition_gain> gains;
  for (std::uint64_t at = 0; at < transitions && !from.is_broken(); ++at)
    if (const auto gain = from.get<transition_gain>(); numbers.of(gain.item) && numbers.of(gain.next))
      gains.push_back({*numbers.of(gain.item), *numbers.of(gain.next), gain.weight});
  if (from.is_broken() || !from.at_end() || items != trained_->items.size() + next.shelf_.size() ||
      recent.size() != (next.recent_ ? items : 0))
    return false;
  if (next.recent_)
    next.recent_.emplace(trained_->recent_half_life, std::move(recent));
  next.pages_ = next.pages_.with(std::move(gains), options_.successors);
  next.damping_.resize(items);
  if (next.has_time_) // else the first event sets it
    next.set_time(next.time_);
  next.refresh_damping();
  next.taken_changed_ = true;
  *this = std::move(next);
  return true;
}

} // namespace winnow
