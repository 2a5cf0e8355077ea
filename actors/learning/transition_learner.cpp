#include "actors/learning/transition_learner.hpp"

#include "actors/fleet/fleet_memory.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"
#include "config/system/thread_priority.hpp"
#include "models/learning/mark_file.hpp"
#include "models/learning/state_file.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

constexpr int nicer = 5; // like computing: requests go first
constexpr std::chrono::seconds look_after_interval{5};

learning_options options_of(const learning_settings& settings) {
  learning_options options;
  options.half_life = std::chrono::duration<double>(settings.half_life).count();
  options.successors = settings.successors;
  options.most_transitions = settings.most_transitions;
  options.most_users = settings.most_users;
  options.adopt_after = settings.adopt_after;
  options.most_adopted = settings.most_adopted;
  return options;
}

/// Seconds since 1970. Reads the clock of the system once: if that is set to another time while the daemon
/// runs, the jump must not make everything fade.
double now() {
  static const auto begun = steady_clock::now();
  static const auto begun_at = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(begun_at + (steady_clock::now() - begun)).count();
}

} // namespace

void transition_learner_state::start(learner_parts parts) {
  parts_ = std::move(parts);
  lower_thread_priority(nicer, "learning");
  self_->delayed_send(self_, look_after_interval, tick_atom_v);
}

void transition_learner_state::wire(const neighbours_ptr& neighbours) {
  const activity taking(*parts_.record, "taking models");
  const auto trained =
      neighbours->models->learned ? neighbours->models->learned->trained : neighbours->models;
  if (trained->version != version_) {
    begin(trained);
    self_->send(neighbours->poller, relearn_atom_v);
  } else if (published_ && !neighbours->models->learned) { // the same files were loaded again
    self_->send(parts_.supervisor, learned_atom_v, published_);
  }
}

void transition_learner_state::begin(const model_set_ptr& models) {
  if (!version_.empty())
    save();
  learner_.reset();
  published_ = nullptr;
  version_ = models->version;
  if (!models->transitions) {
    log_event(log_level::info, name, "nothing to learn: the models have no transitions");
    return report();
  }
  const auto options = options_of(parts_.options);
  auto counted = counted_by_training(models->directory, options.most_users);
  if (!counted) {
    log_event(log_level::error, name, "histories are taken as counted when they are first seen",
              {{"reason", counted.error().message}});
    counted = std::nullopt;
  }
  learner_.emplace(models, options, std::move(*counted));
  restore();
  report();
}

/// Continues what an earlier run learned with the same models. Otherwise everything is learned again from the
/// profiles in the store, which the first sweep reads.
void transition_learner_state::restore() {
  const auto file = state_file();
  if (parts_.board && is_older_than_fleet_memory(file)) {
    log_event(log_level::info, name,
              "started without the state, as the fleet may have been told to forget users since",
              {{"file", file.string()}});
    return;
  }
  if (const auto read = read_state(file, *learner_); read)
    log_event(log_level::info, name, "continued",
              {{"file", file.string()}, {"users", learner_->users()}, {"adopted", learner_->adopted()}});
  else if (read.error().cause == fault::not_found)
    log_event(log_level::info, name, "started without a state", {{"file", file.string()}});
  else
    log_event(read.error().cause == fault::conflict ? log_level::info : log_level::warning, name,
              "started without the state, learning from the store", {{"reason", read.error().message}});
  if (learner_->left_out() > 0) {
    unsaved_ = true;
    log_event(log_level::warning, name, "items with blank ids or control characters in them are not kept",
              {{"file", file.string()}, {"items", learner_->left_out()}});
  }
  adopted_ = learner_->adopted();
  if (learner_->has_news())
    publish_when_due();
}

std::filesystem::path transition_learner_state::state_file() const {
  if (!parts_.options.state.empty())
    return parts_.options.state;
  return learner_->trained().home / ".winnow-live" / "learned";
}

void transition_learner_state::learn(const changed_profiles& batch) {
  const activity learning(*parts_.record, "learning from changed profiles");
  parts_.backlog->profiles -= batch.size();
  if (!learner_)
    return;
  const double time = now();
  for (const auto& changed : batch) {
    const auto outcome = learner_->learn(changed.user_id, *changed.items, time);
    parts_.meters->learner.profile(to_string(outcome.what), outcome.items);
  }
  parts_.record->handled(batch.size());
  unsaved_ = true;
  show_digest();
  if (learner_->has_news())
    publish_when_due();
}

count_reply transition_learner_state::forget(const std::string& user_id) {
  const activity forgetting(*parts_.record, "forgetting a user");
  const auto forgotten = learner_ ? learner_->forget(user_id) : 0;
  unsaved_ = unsaved_ || forgotten > 0;
  save();
  report();
  if (learner_ && unsaved_)
    return std::make_shared<const result<std::uint64_t>>(
        fail(fault::io_error, state_file().string() + ": still has what was learned of the user"));
  return std::make_shared<const result<std::uint64_t>>(forgotten);
}

void transition_learner_state::forget_all(const std::vector<std::string>& user_ids) {
  const activity forgetting(*parts_.record, "forgetting users");
  std::size_t forgotten = 0;
  for (const auto& user_id : user_ids)
    forgotten += learner_ ? learner_->forget(user_id) : 0;
  if (forgotten == 0)
    return;
  unsaved_ = true;
  save();
  report();
}

void transition_learner_state::show_digest() {
  if (parts_.board)
    parts_.board->learned = learner_ ? learner_->digest() : 0;
}

void transition_learner_state::publish_when_due() {
  if (std::exchange(publishing_, true))
    return;
  const auto left = next_publish_ - steady_clock::now();
  if (left <= left.zero())
    self_->send(self_, flush_atom_v);
  else
    self_->delayed_send(self_, left, flush_atom_v);
}

void transition_learner_state::publish_as_due() {
  publishing_ = false;
  publish();
}

model_set_ptr transition_learner_state::relearned() {
  publish();
  return published_;
}

void transition_learner_state::publish() {
  if (!learner_ || !learner_->has_news())
    return;
  const activity publishing(*parts_.record, "publishing what was learned");
  const auto begin = steady_clock::now();
  read_features();
  published_ = learner_->publish();
  self_->send(parts_.supervisor, learned_atom_v, published_);
  const auto took = steady_clock::now() - begin;
  next_publish_ = steady_clock::now() +
                  std::max<steady_clock::duration>(parts_.options.interval, rest_after_publication(took));
  parts_.meters->learner.published(took);
  const auto adopted = std::exchange(adopted_, learner_->adopted());
  if (learner_->adopted() > adopted)
    log_event(log_level::info, name, "items adopted",
              {{"new", learner_->adopted() - adopted}, {"all", learner_->adopted()}});
  if (learner_->is_shelf_full() && adopted < learner_->adopted())
    log_event(log_level::warning, name, "no more items are adopted until the next training",
              {{"adopted", learner_->adopted()}});
  report();
}

void transition_learner_state::read_features() {
  if (const auto read = learner_->read_features(); !read)
    note_problem("features of adopted items not read", read.error());
}

/// Logs a problem with a file, once.
void transition_learner_state::note_problem(const char* what, const error& problem) {
  if (std::exchange(problem_, problem.message) != problem.message)
    log_event(log_level::warning, name, what, {{"reason", problem.message}});
}

void transition_learner_state::look_after() {
  self_->delayed_send(self_, look_after_interval, tick_atom_v);
  if (!learner_)
    return;
  read_features();
  if (learner_->has_news())
    publish_when_due();
  if (steady_clock::now() >= next_save_)
    save();
}

void transition_learner_state::save() {
  if (!learner_)
    return;
  if (!unsaved_) { // says that this replica was there when users were to be forgotten
    std::error_code missing;
    if (parts_.board && !parts_.board->yields())
      std::filesystem::last_write_time(state_file(), std::filesystem::file_time_type::clock::now(), missing);
    return;
  }
  const activity saving(*parts_.record, "saving what was learned");
  const auto file = state_file();
  const auto written = write_state(file, *learner_);
  unsaved_ = !written;
  parts_.meters->learner.saved(written.has_value());
  if (!written)
    note_problem("what was learned is not kept over a restart", written.error());
  next_save_ = steady_clock::now() + parts_.options.save_interval;
}

void transition_learner_state::report() {
  show_digest();
  parts_.meters->learner.holds(learner_ ? learner_->transitions() : 0, learner_ ? learner_->users() : 0,
                               learner_ ? learner_->adopted() : 0, learner_ ? learner_->candidates() : 0);
}

actor_status_ptr transition_learner_state::status() const {
  parts_.record->queue(parts_.backlog->profiles, learning_backlog::most);
  return status_of(*parts_.record);
}

transition_learner_self::behavior_type
transition_learner(transition_learner_self::stateful_pointer<transition_learner_state> self,
                   learner_parts parts) {
  self->set_exception_handler(crash_reason);
  self->set_exit_handler([self](caf::exit_msg& told) {
    if (told.reason == caf::exit_reason::user_shutdown)
      self->state.save();
    self->quit(std::move(told.reason));
  });
  self->state.start(std::move(parts));
  return {[self](wire_atom, const neighbours_ptr& neighbours) { self->state.wire(neighbours); },
          [self](changed_atom, const changed_profiles_ptr& batch) { self->state.learn(*batch); },
          [self](relearn_atom) { return self->state.relearned(); },
          [self](forget_atom, const std::string& user_id) { return self->state.forget(user_id); },
          [self](forget_atom, const user_ids_ptr& user_ids) { self->state.forget_all(*user_ids); },
          [self](flush_atom) { self->state.publish_as_due(); },
          [self](tick_atom) { self->state.look_after(); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
