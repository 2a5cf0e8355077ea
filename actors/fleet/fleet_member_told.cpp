#include "actors/fleet/fleet_member.hpp"
#include "actors/fleet/told_values.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <utility>

// What one replica is told, and all are to know.

namespace winnow {

namespace {

// As many as the store keeps; after more, all values are read.
constexpr std::uint64_t most_news = 10'000;

// Values that wait for a store that is away. More are as good as never told: the item keeper has them.
constexpr std::size_t most_to_tell = 50'000;

bool is_later(const told_experiment& one, const std::optional<told_experiment>& than) {
  return !than || one.time > than->time || (one.time == than->time && one.text > than->text);
}

} // namespace

void fleet_member_state::tell(const told_items& told) {
  for (const auto& fact : told.facts)
    for (auto& value : to_values(fact))
      to_tell_.push_back(std::move(value));
  tell_waiting();
  if (to_tell_.size() <= most_to_tell)
    return;
  to_tell_.clear();
  told_.reset(); // then all values are read, and the item keeper tells those that are missing
}

bool fleet_member_state::erase(const std::string& user_id) {
  if (std::find(to_erase_.begin(), to_erase_.end(), user_id) == to_erase_.end()) // clients try again
    to_erase_.push_back(user_id);
  tell_waiting();
  return to_erase_.empty();
}

void fleet_member_state::tell_waiting() {
  if (!to_tell_.empty()) {
    const activity telling(*parts_.record, "telling other replicas");
    if (const auto told = channel_->tell(to_tell_); !told)
      return note_failure(told.error());
    to_tell_.clear();
  }
  while (!to_erase_.empty()) {
    if (const auto told = channel_->tell_erased(to_erase_.back()); !told)
      return note_failure(told.error());
    to_erase_.pop_back();
  }
}

/// Its own words come back to this replica as well: they are no news then.
void fleet_member_state::hear(const fleet_state& state) {
  if (state.stream_is_new)
    told_.reset(); // the values may be gone, too
  if (told_ != state.told)
    hear_values(state.told);
  const bool has_news = !state.erased.empty() && state.erased != erased_; // none is kept for more than a day
  if (!has_news || hear_erasures())
    is_first_look_ = false;
  share_experiment();
}

/// Tells the fleet of the own experiment if it is the later one, or takes that of the fleet. Only once it is
/// known what the fleet was told.
void fleet_member_state::share_experiment() {
  const auto& shares = parts_.shares;
  if (!told_ || !shares.experiment || !shares.take_experiment)
    return;
  auto own = shares.experiment();
  const bool is_ahead = own && (!experiment_ || own->time > experiment_->time);
  if (!is_ahead)
    return experiment_ ? shares.take_experiment(*experiment_) : void();
  if (const auto told = channel_->tell({to_value(*own)}); !told)
    return note_failure(told.error());
  experiment_ = std::move(own);
}

void fleet_member_state::hear_values(std::uint64_t told) {
  const activity hearing(*parts_.record, "hearing what others were told");
  if (told_ && told > *told_ && told - *told_ <= most_news) {
    const auto news = channel_->news_after(*told_, told - *told_ + 100); // some may have come meanwhile
    if (!news)
      return note_failure(news.error());
    if (!news->has_gap && news->told >= told) {
      told_ = news->told;
      return pass_on(news->values, false);
    }
  }
  const auto values = channel_->all_values();
  if (!values)
    return note_failure(values.error());
  told_ = told;
  pass_on(*values, true);
}

void fleet_member_state::pass_on(const std::vector<fleet_value>& values, bool all) {
  told_items told{to_facts(values), all};
  if (all)
    experiment_.reset(); // the store may have lost it
  for (const auto& value : values)
    if (auto experiment = to_experiment(value); experiment && is_later(*experiment, experiment_))
      experiment_ = std::move(*experiment);
  if (neighbours_->items && (all || !told.facts.empty()))
    self_->send(neighbours_->items, update_atom_v, std::make_shared<const told_items>(std::move(told)));
}

/// At the start of the process, those of a whole day. A member that is restarted later hears them again.
/// @return Whether the store said whom.
bool fleet_member_state::hear_erasures() {
  const auto erased = channel_->erased_after(erased_);
  if (!erased) {
    note_failure(erased.error());
    return false;
  }
  if (erased->empty())
    return true;
  std::vector<std::string> users;
  for (const auto& one : *erased)
    users.push_back(one.user_id);
  if (parts_.shares.forget)
    for (const auto& user : users)
      parts_.shares.forget(user, is_first_look_);
  erased_ = erased->back().id;
  log_event(log_level::info, name, "users are to be forgotten", {{"users", users.size()}});
  if (neighbours_->learner)
    self_->send(neighbours_->learner, forget_atom_v,
                std::make_shared<const std::vector<std::string>>(std::move(users)));
  return true;
}

} // namespace winnow
