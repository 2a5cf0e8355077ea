#include "actors/supervision/supervisor.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "actors/stages/stage_outage.hpp"
#include "config/log/log.hpp"
#include "models/model_set.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>

namespace winnow {

namespace {

// How often to check whether a child that was sent an exit message has ended and can be restarted.
constexpr std::chrono::milliseconds end_check{20};

} // namespace

void supervisor_state::start(supervisor_parts parts) {
  parts_ = std::make_shared<const supervisor_parts>(std::move(parts));
  daemon_.emplace(self_, parts_);
  record_ = parts_->tree->add(name, 0);
  parts_->tree->started(*record_, caf::actor_cast<supervisor_actor>(self_));
  if (const auto built = build_tree(parts_->supervision); !built) {
    parts_->on_fatal(built.error().message);
    return self_->quit(caf::exit_reason::user_shutdown);
  }
  for (auto& declared : children_)
    spawn(declared);
  broadcast_neighbours();
}

result<void> supervisor_state::build_tree(const supervision_tree& tree) {
  auto declared = daemon_->declare();
  std::vector<std::string> names;
  for (const auto& [child_name, how] : declared)
    names.push_back(child_name);
  if (auto checked = check_children(tree, names); !checked)
    return checked;
  group_deaths_.emplace(tree.root);
  for (const auto& planned : tree.groups) {
    for (const auto& one : planned.children)
      parts_->meters->supervisor.child(one.name);
    if (std::none_of(planned.children.begin(), planned.children.end(),
                     [&](const supervised_child& one) { return declared.at(one.name).start != nullptr; }))
      continue; // the settings switch the whole group off
    groups_.push_back({planned.name, planned.strategy,
                       parts_->tree->add(planned.name, record_->id(), actor_record::kind::group)});
    for (const auto& one : planned.children) {
      if (auto& how = declared.at(one.name); how.start)
        children_.push_back({one.name, groups_.size() - 1, std::move(how), restart_history(one.policy),
                             parts_->tree->add(one.name, groups_.back().record->id())});
    }
  }
  return {};
}

void supervisor_state::spawn(child& starting) {
  starting.handle = starting.declared.start(starting.record);
  starting.up = true;
  self_->monitor(starting.handle);
  if (parts_->on_started) // before the tree says that it runs, so that who waits for that has the handle
    parts_->on_started(starting.name, starting.handle);
  parts_->tree->started(*starting.record, caf::actor_cast<status_actor>(starting.handle));
}

void supervisor_state::broadcast_neighbours() {
  const auto current = daemon_->snapshot();
  for (const auto& one : children_)
    if (one.declared.wants_neighbours)
      caf::anon_send(one.handle, wire_atom_v, current);
  parts_->meters->models.loaded(current->models->version, current->models->items.size(),
                                current->models->users->size(), current->models->trained_at);
  parts_->meters->trials.use(current->trials.get(), current->models->version);
}

void supervisor_state::reload(const model_set_ptr& models) {
  daemon_->use(models);
  broadcast_neighbours();
}

void supervisor_state::reload(const model_set_ptr& models, const shop_rules_ptr& rules) {
  daemon_->use(rules);
  if (models)
    daemon_->use(models);
  broadcast_neighbours();
}

void supervisor_state::reload(const model_set_ptr& models, const shop_rules_ptr& rules,
                              const model_trials_ptr& trials) {
  if (rules)
    daemon_->use(rules);
  if (models)
    daemon_->use(models);
  daemon_->use(trials);
  broadcast_neighbours();
}

/// Learned models of another version come late: others were loaded meanwhile.
void supervisor_state::use_learned(const model_set_ptr& models) {
  if (models->version != daemon_->snapshot()->models->version)
    return;
  daemon_->use_learned(models);
  broadcast_neighbours();
}

bool supervisor_state::dress() {
  daemon_->dress();
  broadcast_neighbours();
  return true;
}

// ---- deaths ----

void supervisor_state::child_died(const caf::actor_addr& address, const caf::error& reason) {
  const auto dead = std::find_if(children_.begin(), children_.end(),
                                 [&](const child& one) { return one.up && one.handle.address() == address; });
  if (dead == children_.end())
    return;
  const activity handling(*record_, "handling the death of an actor");
  dead->up = false;
  if (stopping_for_) {
    if (static_cast<std::size_t>(dead - children_.begin()) == not_stopped_)
      stop_next();
    return;
  }
  parts_->meters->supervisor.restarted(dead->name);
  if (std::exchange(dead->stopping, false))
    return; // its restart is already scheduled
  const std::string why = to_string(reason);
  parts_->tree->died(*dead->record, why);
  const auto verdict = dead->deaths.died(steady_clock::now());
  log_event(log_level::error, dead->name, "actor died",
            {{"reason", why}, {"deaths_in_window", verdict.deaths}});
  const auto index = static_cast<std::size_t>(dead - children_.begin());
  if (!verdict.exhausted)
    restart(restart_set(index), dead->name + " died", verdict.pause);
  else if (dead->deaths.policy().exhausted == when_exhausted::mark_down)
    mark_down(*dead, verdict, why);
  else
    escalate(dead->group, dead->name + " died " + std::to_string(verdict.deaths) + " times within " +
                              std::to_string(dead->deaths.policy().window.count() / 1000) +
                              " s, last reason: " + why);
}

/// Returns the dead child and, if its group's strategy says so, those declared after it.
std::vector<std::size_t> supervisor_state::restart_set(std::size_t dead) const {
  std::vector<std::size_t> indices{dead};
  if (groups_[children_[dead].group].strategy == restart_strategy::rest_for_one)
    for (std::size_t i = dead + 1; i < children_.size() && children_[i].group == children_[dead].group; ++i)
      indices.push_back(i);
  return indices;
}

/// Ends those of the children that are alive, and starts all of them after the pause.
/// @param because Completes "ended because ...".
void supervisor_state::restart(const std::vector<std::size_t>& indices, const std::string& because,
                               std::chrono::milliseconds pause) {
  for (const auto index : indices) {
    child& one = children_[index];
    if (one.up && !one.stopping) {
      one.stopping = true;
      parts_->tree->died(*one.record, "ended because " + because);
      self_->send_exit(one.handle, caf::exit_reason::kill);
    }
    one.due = self_->clock().now() + pause;
    self_->delayed_send(self_, pause, revive_atom_v, static_cast<std::uint64_t>(index));
  }
}

void supervisor_state::revive(std::size_t index) {
  const activity starting(*record_, "restarting an actor");
  child& revived = children_.at(index);
  if (stopping_for_ || self_->clock().now() < revived.due) // another message follows when it is due
    return;
  if (revived.stopping) { // two instances at once would share what only one may use
    self_->delayed_send(self_, end_check, revive_atom_v, static_cast<std::uint64_t>(index));
    return;
  }
  if (revived.up)
    return;
  spawn(revived);
  broadcast_neighbours();
  log_event(log_level::info, revived.name, "actor restarted");
  if (auto& whole = groups_[revived.group]; whole.restarting && complete(revived.group)) {
    whole.restarting = false;
    whole.record->started();
  }
  daemon_->restarted(revived.name);
}

/// Called when a stage keeps dying. The cascade continues without it, and it restarts after a longer pause.
void supervisor_state::mark_down(child& dead, const restart_history::verdict& verdict,
                                 const std::string& reason) {
  take_stage_down(dead.name, *dead.record, *parts_->health, verdict, reason);
  restart({static_cast<std::size_t>(&dead - children_.data())}, dead.name + " died", verdict.pause);
}

/// Called when a child keeps dying. Restarts its whole group, which helps if its members make each other
/// fail.
void supervisor_state::escalate(std::size_t which, const std::string& reason) {
  const auto verdict = group_deaths_->died(steady_clock::now());
  if (verdict.exhausted) {
    for (auto& one : children_)
      if (one.group == which && !one.up)
        one.record->becomes(actor_state::down);
    return parts_->on_fatal(reason);
  }
  groups_[which].record->died(reason);
  groups_[which].restarting = true;
  log_event(log_level::error, groups_[which].name, "group started anew", {{"reason", reason}});
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < children_.size(); ++i)
    if (children_[i].group == which) {
      children_[i].deaths.forget();
      all.push_back(i);
    }
  restart(all, "group " + groups_[which].name + " restarts", verdict.pause);
}

/// Returns whether all of the group's children are up.
bool supervisor_state::complete(std::size_t which) const {
  return std::all_of(children_.begin(), children_.end(),
                     [&](const child& one) { return one.group != which || one.up; });
}

// ---- shutdown ----

/// Ends the children one by one in reverse order, so that each actor ends before those that it depends on.
/// The sockets are closed last, so that dropped requests are still answered with 503.
void supervisor_state::stop(const caf::error& reason) {
  if (stopping_for_)
    return;
  stopping_for_ = reason;
  daemon_->stop_accepting();
  not_stopped_ = children_.size();
  stop_next();
}

void supervisor_state::stop_next() {
  while (not_stopped_ > 0) {
    child& last = children_[--not_stopped_];
    last.record->becomes(actor_state::stopping);
    if (last.up)
      return self_->send_exit(last.handle, caf::exit_reason::user_shutdown);
  }
  daemon_->close_sockets();
  parts_->tree->close();
  self_->quit(*stopping_for_);
}

supervisor_self::behavior_type supervisor(supervisor_self::stateful_pointer<supervisor_state> self,
                                          supervisor_parts parts) {
  self->set_exception_handler(crash_reason);
  self->set_down_handler([self](caf::down_msg& down) { self->state.child_died(down.source, down.reason); });
  self->set_exit_handler([self](caf::exit_msg& exit) { self->state.stop(exit.reason); });
  self->attach_functor([on_fatal = parts.on_fatal](const caf::error& reason) {
    if (reason != caf::exit_reason::user_shutdown) // its children keep running, but nothing restarts them
      on_fatal("the supervisor died: " + to_string(reason));
  });
  self->state.start(std::move(parts));
  return {[self](listen_atom) { return self->state.daemon_->listen(); },
          [self](admin_atom) { return self->state.daemon_->listen_for_operators(); },
          [self](drain_atom) { return self->state.daemon_->drain(); },
          [self](reload_atom, const model_set_ptr& models) { self->state.reload(models); },
          [self](reload_atom, const model_set_ptr& models, const shop_rules_ptr& rules) {
            self->state.reload(models, rules);
          },
          [self](reload_atom, const model_set_ptr& models, const shop_rules_ptr& rules,
                 const model_trials_ptr& trials) { self->state.reload(models, rules, trials); },
          [self](learned_atom, const model_set_ptr& models) { self->state.use_learned(models); },
          [self](dress_atom) { return self->state.dress(); },
          [self](revive_atom, std::uint64_t index) { self->state.revive(index); },
          [self](scale_atom, const std::string& stage, std::uint64_t workers) {
            return self->state.daemon_->scale(stage, workers);
          },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
