#include "models/evaluation/replay.hpp"

#include "models/cascade.hpp"
#include "models/learning/live_learner.hpp"
#include "models/training/interactions/time_cut.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>

namespace winnow {

namespace {

constexpr std::size_t slice_count = 10;

/// The part of the log that is asked for.
struct window {
  std::int64_t begin = 0, end = 0;
  std::size_t first_event = 0;

  std::size_t slice_of(std::int64_t time) const {
    const auto share =
        static_cast<double>(time - begin) / static_cast<double>(std::max<std::int64_t>(end - begin, 1));
    return std::min(static_cast<std::size_t>(share * slice_count), slice_count - 1);
  }
};

window window_of(const interaction_log& log, double from) {
  const auto begin = time_after(log, from);
  const auto event = std::find_if(log.events.begin(), log.events.end(),
                                  [&](const interaction& one) { return one.time > begin; });
  return {begin, log.events.back().time, static_cast<std::size_t>(event - log.events.begin())};
}

/// Whether any event in the window is of a user with enough items before it.
bool any_to_ask_for(const interaction_log& log, const window& when, std::size_t least_history) {
  std::vector<std::size_t> items(log.users.size(), 0); // by user, so far
  for (std::size_t at = 0; at < log.events.size(); ++at)
    if (items[log.events[at].user]++ >= least_history && at >= when.first_event)
      return true;
  return false;
}

void note(replay_quality& into, std::optional<std::size_t> place) {
  ++into.events;
  if (!place)
    return;
  into.hits += 1;
  into.gains += 1 / std::log2(static_cast<double>(*place) + 2);
}

/// Replays the log once.
class replayer {
public:
  /// @param learner Null to serve with the models as they are.
  replayer(model_set_ptr models, const interaction_log& log, const replay_options& options,
           live_learner* learner)
      : trained_(models), models_(std::move(models)), log_(log), options_(options), learner_(learner),
        widths_(widths_for(options.widths, models_->widths)), histories_(log.users.size()) {}

  result<replay_run> run(const window& when) {
    const auto begin = std::chrono::steady_clock::now();
    replay_run run;
    run.name = learner_ == nullptr ? "frozen" : "live";
    run.slices.resize(slice_count);
    std::size_t askable = 0;
    for (std::size_t at = 0; at < log_.events.size(); ++at) {
      const auto& event = log_.events[at];
      auto& history = histories_[event.user];
      if (at >= when.first_event && history.size() >= options_.least_history &&
          askable++ % options_.ask_every == 0) {
        const auto place = ask(event);
        if (!place)
          return tl::unexpected(place.error());
        note_place(run, event, *place, when);
      }
      history.emplace_back(log_.items[event.item]);
      if (at >= when.first_event)
        tell(event);
    }
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    run.adopted = learner_ == nullptr ? 0 : learner_->adopted();
    return run;
  }

private:
  /// Returns the place of the event's item on its user's list; nullopt if it is not on it.
  result<std::optional<std::size_t>> ask(const interaction& event) {
    const auto& models = *models_;
    const auto user = resolve_user(models, log_.users[event.user], histories_[event.user]);
    const user_context* const users[] = {&user};
    auto list = std::move(generate_candidates(models, users, widths_.candidates, work_)[0]);
    for (const auto& [rank, keep] :
         {std::pair(rank_by_din, widths_.din_keep), std::pair(rank_by_ranknet, widths_.ranknet_keep)}) {
      const ranking_task task{&user, &list};
      auto ranked = rank(models, {&task, 1}, keep, work_);
      if (!ranked[0])
        return tl::unexpected(ranked[0].error());
      list = std::move(*ranked[0]);
    }
    const auto wanted = models.items.find(log_.items[event.item]);
    for (std::size_t place = 0; place < std::min(options_.k, list.items.size()); ++place)
      if (wanted && list.items[place].item == *wanted)
        return std::optional(place);
    return std::optional<std::size_t>();
  }

  void note_place(replay_run& run, const interaction& event, std::optional<std::size_t> place,
                  const window& when) const {
    note(run.all, place);
    note(trained_->items.find(log_.items[event.item]) ? run.known_items : run.new_items, place);
    note(trained_->users->find(log_.users[event.user]) ? run.known_users : run.new_users, place);
    note(run.slices[when.slice_of(event.time)], place);
  }

  void tell(const interaction& event) {
    if (learner_ == nullptr)
      return;
    const auto now = static_cast<double>(event.time);
    learner_->learn(log_.users[event.user], histories_[event.user], now);
    if (now - published_ < options_.learn_interval)
      return;
    models_ = learner_->publish();
    published_ = now;
  }

  const model_set_ptr trained_;
  model_set_ptr models_; ///< As published last.
  const interaction_log& log_;
  const replay_options& options_;
  live_learner* const learner_;
  const cascade_widths widths_;
  std::vector<std::vector<std::string>> histories_; ///< By user, so far.
  cascade_scratch work_;
  double published_ = -1e300; ///< When, in the events' time.
};

} // namespace

result<replay_result> replay(const model_set_ptr& models, const interaction_log& log,
                             const std::optional<user_marks>& counted, const replay_options& options) {
  if (!log.has_times || log.events.empty())
    return fail(fault::malformed, "expected interactions with times, got none");
  if (!models->transitions)
    return fail(fault::unsupported, models->directory.string() + ": the models have no transitions to learn");
  const auto when = window_of(log, options.from);
  if (!any_to_ask_for(log, when, options.least_history)) // found before the log is replayed
    return fail(fault::malformed, "expected events after the first " + std::to_string(options.from) +
                                      " of the interactions by users with at least " +
                                      std::to_string(options.least_history) + " items before, got none");
  const auto once = [&](bool learns) {
    std::optional<live_learner> learner;
    if (learns)
      learner.emplace(models, options.learning, counted);
    return replayer(models, log, options, learner ? &*learner : nullptr).run(when);
  };
  auto frozen = std::async(std::launch::async, once, false);
  auto live = once(true);
  auto before = frozen.get();
  for (const auto* run : {&before, &live})
    if (!*run)
      return tl::unexpected(run->error());
  return replay_result{when.begin,
                       when.end,
                       log.events.size() - when.first_event,
                       models->items.size(),
                       models->users->size(),
                       options.k,
                       widths_for(options.widths, models->widths),
                       {std::move(*before), std::move(*live)}};
}

} // namespace winnow
