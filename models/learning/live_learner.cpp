#include "models/learning/live_learner.hpp"

#include "models/files/id_field.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace winnow {

namespace {

// Of one history; bounds the work of a message. Of a longer one the newest items count.
constexpr std::size_t most_new_items = 500;
// So many gains wait before they are added up between two publications. They take 12 bytes each.
constexpr std::size_t most_waiting_gains = 2'000'000;
// Far from a float's limits, and rare: 20 half-lives.
constexpr float most_growth = 1 << 20;
// Of the most transitions, when there are more: so few that this rarely happens.
constexpr double share_kept = 0.8;

} // namespace

std::string_view to_string(learning_outcome::kind what) noexcept {
  switch (what) {
  case learning_outcome::kind::learned:
    return "learned";
  case learning_outcome::kind::first:
    return "first";
  case learning_outcome::kind::rewritten:
    return "rewritten";
  case learning_outcome::kind::no_room:
    return "no_room";
  }
  return "unknown";
}

live_learner::live_learner(model_set_ptr trained, const learning_options& options,
                           std::optional<user_marks> counted)
    : trained_(std::move(trained)), options_(options), knows_counted_(counted.has_value()),
      marks_(counted ? std::move(*counted) : user_marks(options.most_users)),
      candidates_(options.adopt_after, options.most_candidates), shelf_(trained_),
      taken_(trained_->items.size()), damping_(trained_->items.size(), 1.0f) {
  if (trained_->recent_counts)
    recent_.emplace(trained_->recent_half_life, *trained_->recent_counts);
  const auto& rules = trained_->transition_rules;
  for (std::size_t gap = 0; gap < rules.reach; ++gap)
    gap_weights_.push_back(static_cast<float>(std::pow(rules.gap_decay, static_cast<double>(gap))));
}

std::optional<std::uint32_t> live_learner::find(std::string_view item_id) const {
  if (const auto item = trained_->items.find(item_id))
    return item;
  if (const auto place = shelf_.ids().find(item_id))
    return static_cast<std::uint32_t>(trained_->items.size()) + *place;
  return std::nullopt;
}

learning_outcome live_learner::learn(std::string_view user_id, gsl::span<const std::string> history,
                                     double now) {
  set_time(now);
  const std::vector<std::string_view> ids(history.begin(), history.end());
  const auto user = user_marks::hash_of(user_id);
  const auto known = marks_.find(user);
  std::optional<std::size_t> from = 0;
  if (known && known->items > 0 && ids.empty()) // keeps the mark: what comes back must not count again
    return {learning_outcome::kind::rewritten, 0};
  if (known)
    from = first_new_item(*known, ids);
  if (!marks_.note(user, mark_of(ids)))
    return {learning_outcome::kind::no_room, 0};
  if (!known && !knows_counted_ && trained_->users->find(user_id))
    return {learning_outcome::kind::first, 0};
  if (!from)
    return {learning_outcome::kind::rewritten, 0};
  const auto items = ids.size() - *from;
  take(user_id, ids, items > most_new_items ? ids.size() - most_new_items : *from);
  if (gains_.size() > most_waiting_gains)
    settle();
  return {learning_outcome::kind::learned, items};
}

std::size_t live_learner::forget(std::string_view user_id) {
  const auto user = user_marks::hash_of(user_id);
  return (marks_.forget(user) ? 1 : 0) + candidates_.forget(user);
}

std::uint64_t live_learner::digest() {
  if (digested_ > shelf_.size())
    adopted_digest_ = digested_ = 0;
  for (; digested_ < shelf_.size(); ++digested_)
    adopted_digest_ ^= user_marks::hash_of(shelf_.ids()[digested_]);
  return marks_.digest() ^ adopted_digest_;
}

/// Counts the items of a history from a position on.
void live_learner::take(std::string_view user_id, gsl::span<const std::string_view> history,
                        std::size_t from) {
  const std::size_t reach = gap_weights_.size();
  const std::size_t first = from > reach ? from - reach : 0;
  std::vector<std::uint32_t> items;
  for (std::size_t at = first; at < from; ++at)
    items.push_back(find(history[at]).value_or(unknown_item));
  item_event event{user_marks::hash_of(user_id), trained_->users->find(user_id), {}};
  for (std::size_t at = from; at < history.size(); ++at) {
    const auto before = std::min(items.size(), reach);
    event.before.assign(items.rbegin(), items.rbegin() + static_cast<std::ptrdiff_t>(before));
    auto item = find(history[at]);
    if (item)
      count(*item, event);
    else
      item = take_unknown(history[at], event);
    items.push_back(item.value_or(unknown_item));
  }
}

/// An item that the catalogue lacks waits for readers, and is adopted if this was the last one it needed.
/// @return Its index if it was adopted now.
std::optional<std::uint32_t> live_learner::take_unknown(std::string_view item_id, item_event event) {
  if (options_.adopt_after == 0 || is_shelf_full() || !is_item_id(item_id))
    return std::nullopt;
  const auto ready = candidates_.note(item_id, std::move(event));
  if (!ready)
    return std::nullopt;
  const auto item = static_cast<std::uint32_t>(trained_->items.size()) + shelf_.add(item_id);
  taken_.push_back(0);
  damping_.push_back(1);
  if (recent_)
    recent_->grow(taken_.size());
  for (const auto& one : *ready)
    count(item, one);
  return item;
}

void live_learner::count(std::uint32_t item, const item_event& event) {
  taken_[item] += growth_;
  damping_[item] = damping_of(item);
  if (recent_) {
    recent_->advance();
    recent_->add(item);
  }
  taken_changed_ = true;
  const auto trained = trained_->items.size();
  if (item >= trained)
    shelf_.note(item - static_cast<std::uint32_t>(trained), event, gap_weights_);
  const auto popularity = [&](std::uint32_t of) {
    return of < trained ? trained_->transitions->damping(of) : 1.0f;
  };
  const auto backward = static_cast<float>(trained_->transition_rules.backward);
  for (std::size_t gap = 0; gap < event.before.size(); ++gap) {
    const auto other = event.before[gap];
    if (other == unknown_item || other == item)
      continue;
    const float weight = growth_ * gap_weights_[gap] * popularity(item) * popularity(other);
    gains_.push_back({other, item, weight});
    if (backward > 0)
      gains_.push_back({item, other, backward * weight});
  }
}

/// How much the item's damping by popularity has changed since the training.
float live_learner::damping_of(std::uint32_t item) const {
  const double trained =
      item < trained_->items.size() ? static_cast<double>((*trained_->item_counts)[item]) : 0;
  const double now = trained_share_ * trained + taken_[item] + growth_;
  return static_cast<float>(
      std::pow(now / (trained + 1), -trained_->transitions->scoring().popularity_exponent));
}

void live_learner::set_time(double now) {
  if (!std::exchange(has_time_, true))
    time_zero_ = time_ = now;
  time_ = std::max(time_, now);
  growth_ = static_cast<float>(std::exp2((time_ - time_zero_) / options_.half_life));
  if (growth_ > most_growth)
    rebase();
  if (growth_ > 1.1f * growth_at_damping_)
    refresh_damping();
}

/// The damping of items that nobody takes changes with time, too, though slowly.
void live_learner::refresh_damping() {
  for (std::uint32_t item = 0; item < damping_.size(); ++item)
    damping_[item] = damping_of(item);
  growth_at_damping_ = growth_;
}

/// Makes an event count 1 again, and everything before accordingly less.
void live_learner::rebase() {
  settle();
  pages_ = pages_.scaled(1 / growth_);
  for (auto& taken : taken_)
    taken /= growth_;
  trained_share_ /= growth_;
  time_zero_ = time_;
  growth_ = growth_at_damping_ = 1;
  refresh_damping();
}

void live_learner::settle() {
  pages_ = pages_.with(gains_, options_.successors);
  gains_.clear(); // keeps its memory: as many come again
  if (const auto size = pages_.size(); size > options_.most_transitions)
    pages_ = pages_.without_lightest(1 - share_kept * static_cast<double>(options_.most_transitions) /
                                             static_cast<double>(size));
}

model_set_ptr live_learner::publish() {
  settle();
  taken_changed_ = false;
  if (shelf_.is_outdated())
    adopted_ = shelf_.build();
  std::vector<float> taken(taken_.size());
  for (std::size_t item = 0; item < taken.size(); ++item)
    taken[item] = (taken_[item] + (item < trained_->items.size()
                                       ? trained_share_ * static_cast<float>((*trained_->item_counts)[item])
                                       : 0.0f)) /
                  growth_;
  auto learned = std::make_shared<learned_items>();
  learned->trained = trained_;
  learned->transitions = {pages_, std::make_shared<const std::vector<float>>(damping_), trained_share_};
  learned->adopted = adopted_;
  learned->taken = std::make_shared<const std::vector<float>>(std::move(taken));
  if (recent_)
    learned->recent = std::make_shared<const std::vector<float>>(recent_->now());
  auto models = std::make_shared<model_set>(*trained_);
  if (adopted_) {
    models->items = trained_->items.with(adopted_->ids);
    models->item_embeddings = trained_->item_embeddings.with(adopted_->embeddings.table());
  }
  models->learned = std::move(learned);
  return models;
}

} // namespace winnow
