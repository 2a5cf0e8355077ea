#include "actors/poller/profile_poller.hpp"
#include "config/log/log.hpp"
#include "models/learned_items.hpp"
#include "models/model_set.hpp"

#include <utility>

// What the poller does after a change of models, while the learner learns again what it knew of the ones
// before. A list that was computed meanwhile would lack that, such as adopted items, and nothing would make
// it again: the learner's publications do not make lists due. So lists that only the new models make due
// wait.

namespace winnow {

namespace {

// Lists wait no longer than this, also if the learner is stuck.
constexpr std::chrono::seconds longest_relearning{30};

} // namespace

void profile_poller_state::begin_relearning() {
  const bool any_waits = relearning_ && relearning_->any_waits;
  if (relearning_)
    watch_->settle(relearning_->until);
  relearning_.reset();
  if (!neighbours_->learner)
    return;
  relearning_.emplace();
  relearning_->until = watch_->expect(longest_relearning, [this] { relearning_takes_too_long(); });
  relearning_->any_waits = any_waits;
}

void profile_poller_state::relearning_takes_too_long() {
  if (relearning_->any_waits)
    log_event(log_level::warning, name, "lists are computed without all that was learned",
              {{"waited_s", longest_relearning.count()}});
  end_relearning();
}

/// Whether a list that is due was made of this very profile by other models or rules: what the user did is on
/// it already.
bool profile_poller_state::waits_for_learner(const profile_key& key, const store_value& found,
                                             std::uint64_t content) {
  if (!relearning_ || !finds() || share_.has(key) || found.result_exists == false || !found.list ||
      !found.list->record || found.list->record->profile != content)
    return false;
  relearning_->any_waits = true;
  return true;
}

/// The learner was told of all profiles. Has it publish what it learned of them.
void profile_poller_state::all_told() {
  retelling_ = false;
  if (!relearning_ || std::exchange(relearning_->asked, true))
    return;
  watch_->ask<model_set_ptr>(
      neighbours_->learner, longest_relearning,
      [this](const model_set_ptr& published) {
        if (!relearning_)
          return;
        if (retelling_) // the learner began again meanwhile, and is asked later
          relearning_->asked = false;
        else
          relearning_->awaited = published;
        end_relearning_if_learned();
      },
      [this](const caf::error&) { end_relearning(); }, relearn_atom_v);
}

/// The recommender has the models in force before this actor, see `supervision_tree.cpp`.
void profile_poller_state::end_relearning_if_learned() {
  if (!relearning_ || !relearning_->awaited)
    return;
  const auto& published = *relearning_->awaited;
  if (!published || published->learned == neighbours_->models->learned)
    end_relearning();
}

void profile_poller_state::end_relearning() {
  if (!relearning_)
    return;
  watch_->settle(relearning_->until);
  const bool any_waits = relearning_->any_waits;
  relearning_.reset();
  if (!any_waits)
    return;
  sweep_->changes_missed();
  begin_sweep();
}

} // namespace winnow
