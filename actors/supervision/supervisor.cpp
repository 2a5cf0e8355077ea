#include "actors/supervision/supervisor.hpp"

#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"

#include <algorithm>

namespace winnow {

namespace {

// How often it is looked whether a child that was told to end has ended, so that it can be started anew.
constexpr std::chrono::milliseconds end_check{20};

} // namespace

void supervisor_state::start(supervisor_parts parts) {
  parts_ = std::move(parts);
  current_.models = parts_.models;
  record_ = parts_.tree->add(name, 0);
  parts_.tree->started(*record_, caf::actor_cast<supervisor_actor>(self_));
  if (const auto grown = grow(parts_.supervision); !grown) {
    parts_.on_fatal(grown.error().message);
    return self_->quit(caf::exit_reason::user_shutdown);
  }
  for (auto& declared : children_)
    spawn(declared);
  tell_everybody();
}

result<void> supervisor_state::grow(const supervision_tree& tree) {
  auto declared = declare_children();
  std::vector<std::string> names;
  for (const auto& [child_name, how] : declared)
    names.push_back(child_name);
  if (auto checked = check_children(tree, names); !checked)
    return checked;
  group_deaths_.emplace(tree.root);
  for (const auto& planned : tree.groups) {
    groups_.push_back({planned.name, planned.strategy,
                       parts_.tree->add(planned.name, record_->id(), actor_record::kind::group)});
    for (const auto& one : planned.children)
      if (auto& how = declared.at(one.name); how.start)
        children_.push_back({one.name, groups_.size() - 1, std::move(how), restart_history(one.policy),
                             parts_.tree->add(one.name, groups_.back().record->id())});
  }
  return {};
}

void supervisor_state::spawn(child& starting) {
  starting.handle = starting.how.start(starting.record);
  starting.up = true;
  self_->monitor(starting.handle);
  parts_.tree->started(*starting.record, caf::actor_cast<status_actor>(starting.handle));
  if (parts_.on_started)
    parts_.on_started(starting.name, starting.handle);
}

void supervisor_state::tell_everybody() {
  const neighbours_ptr others = std::make_shared<const neighbours>(current_);
  for (const auto& told : children_)
    if (told.how.wants_neighbours)
      caf::anon_send(told.handle, wire_atom_v, others);
  parts_.meters->model_loaded(current_.models->version, current_.models->items.size(),
                              current_.models->users.size());
}

// ---- deaths
// --------------------------------------------------------------------------------------------------------

void supervisor_state::child_died(const caf::actor_addr& address, const caf::error& reason) {
  const auto dead = std::find_if(children_.begin(), children_.end(),
                                 [&](const child& one) { return one.up && one.handle.address() == address; });
  if (dead == children_.end())
    return;
  const activity burying(*record_, "looking after an actor that died");
  dead->up = false;
  if (stopping_for_) {
    if (static_cast<std::size_t>(dead - children_.begin()) == not_stopped_)
      stop_next();
    return;
  }
  parts_.meters->actor_restarted(dead->name);
  if (std::exchange(dead->stopping, false))
    return; // its restart is under way
  const std::string why = to_string(reason);
  parts_.tree->died(*dead->record, why);
  const auto verdict = dead->deaths.died(steady_clock::now());
  log_event(log_level::error, dead->name, "actor died",
            {{"reason", why}, {"deaths_in_window", verdict.deaths}});
  const auto index = static_cast<std::size_t>(dead - children_.begin());
  if (!verdict.exhausted)
    restart(taken_along(index), dead->name + " died", verdict.pause);
  else if (dead->deaths.policy().exhausted == when_exhausted::mark_down)
    mark_down(*dead, verdict, why);
  else
    escalate(dead->group, dead->name + " died " + std::to_string(verdict.deaths) + " times within " +
                              std::to_string(dead->deaths.policy().window.count() / 1000) +
                              " s, the last time of " + why);
}

/// The dead one and, where its group's strategy says so, those behind it.
std::vector<std::size_t> supervisor_state::taken_along(std::size_t dead) const {
  std::vector<std::size_t> indices{dead};
  if (groups_[children_[dead].group].strategy == restart_strategy::rest_for_one)
    for (std::size_t i = dead + 1; i < children_.size() && children_[i].group == children_[dead].group; ++i)
      indices.push_back(i);
  return indices;
}

/// Ends those of them that are alive, and starts all of them after the pause.
void supervisor_state::restart(const std::vector<std::size_t>& indices, const std::string& because,
                               std::chrono::milliseconds pause) {
  for (const auto index : indices) {
    child& one = children_[index];
    if (one.up && !one.stopping) {
      one.stopping = true;
      parts_.tree->died(*one.record, "ended, as " + because);
      self_->send_exit(one.handle, caf::exit_reason::kill);
    }
    one.due = self_->clock().now() + pause;
    self_->delayed_send(self_, pause, revive_atom_v, static_cast<std::uint64_t>(index));
  }
}

void supervisor_state::revive(std::size_t index) {
  const activity starting(*record_, "starting an actor anew");
  child& revived = children_.at(index);
  if (stopping_for_ || self_->clock().now() < revived.due) // another message comes when it is due
    return;
  if (revived.stopping) { // two of a kind at once would share what each must have for itself
    self_->delayed_send(self_, end_check, revive_atom_v, static_cast<std::uint64_t>(index));
    return;
  }
  if (revived.up)
    return;
  spawn(revived);
  tell_everybody();
  log_event(log_level::info, revived.name, "actor restarted");
  if (auto& whole = groups_[revived.group]; whole.begun_anew && complete(revived.group)) {
    whole.begun_anew = false;
    whole.record->started();
  }
  if (admin_listening_ && revived.name == "admin_server")
    listen_for_operators_again();
}

/// A stage that keeps dying: the cascade goes on without it, and it is tried again after a longer pause.
void supervisor_state::mark_down(child& dead, const restart_history::verdict& verdict,
                                 const std::string& reason) {
  take_stage_down(dead.name, *dead.record, *parts_.health, verdict, reason);
  restart({static_cast<std::size_t>(&dead - children_.data())}, dead.name + " died", verdict.pause);
}

/// A child cannot be kept alive: its whole group begins anew, which shall help where they spoil each other.
void supervisor_state::escalate(std::size_t which, const std::string& reason) {
  const auto verdict = group_deaths_->died(steady_clock::now());
  if (verdict.exhausted) {
    for (auto& one : children_)
      if (one.group == which && !one.up)
        one.record->becomes(actor_state::down);
    return parts_.on_fatal(reason);
  }
  groups_[which].record->died(reason);
  groups_[which].begun_anew = true;
  log_event(log_level::error, groups_[which].name, "group started anew", {{"reason", reason}});
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < children_.size(); ++i)
    if (children_[i].group == which) {
      children_[i].deaths.forget();
      all.push_back(i);
    }
  restart(all, groups_[which].name + " is started anew", verdict.pause);
}

/// Whether all of the group's children are there.
bool supervisor_state::complete(std::size_t which) const {
  return std::all_of(children_.begin(), children_.end(),
                     [&](const child& one) { return one.group != which || one.up; });
}

// ---- what is asked of it
// -------------------------------------------------------------------------------------------

/// Unlike the HTTP server's, its failure ends nothing: requests are served all the same.
void supervisor_state::listen_for_operators_again() {
  const auto complain = [](const std::string& reason) {
    log_event(log_level::error, name, "the admin endpoint is gone", {{"reason", reason}});
  };
  self_->request(admin_, listen_patience, listen_atom_v)
      .then(
          [complain](const listen_reply& port) {
            if (!*port)
              complain(port->error().message);
          },
          [complain](const caf::error& reason) { complain(to_string(reason)); });
}

void supervisor_state::reload(const model_set_ptr& models) {
  current_.models = models;
  tell_everybody();
}

caf::result<listen_reply> supervisor_state::listen() {
  return std::make_shared<const result<std::uint16_t>>(front_->listen());
}

caf::result<listen_reply> supervisor_state::listen_for_operators() {
  auto answer = self_->make_response_promise<listen_reply>();
  self_->request(admin_, listen_patience, listen_atom_v)
      .then(
          [this, answer](const listen_reply& port) mutable {
            admin_listening_ = port->has_value();
            if (admin_listening_)
              parts_.options.admin.address.port = **port;
            answer.deliver(port);
          },
          [answer](const caf::error& reason) mutable { answer.deliver(reason); });
  return answer;
}

caf::result<std::uint64_t> supervisor_state::drain() {
  self_->send(current_.poller, drain_atom_v);
  return self_->delegate(http_, drain_atom_v);
}

caf::result<count_reply> supervisor_state::scale(const std::string& stage, std::uint64_t workers) {
  const auto found = stage_workers_.find(stage);
  if (found == stage_workers_.end())
    return std::make_shared<const result<std::uint64_t>>(fail(fault::not_found, "no stage " + stage));
  found->second = workers;
  std::size_t most = 0;
  for (const auto& one : stage_workers_)
    most = std::max(most, one.second);
  parts_.on_scale(most);
  const auto dispatcher =
      std::find_if(children_.begin(), children_.end(), [&](const child& one) { return one.name == stage; });
  return self_->delegate(caf::actor_cast<stage_actor>(dispatcher->handle), scale_atom_v, workers);
}

/// Those who ask go before those who are asked, each once the one before has ended. The sockets go last: what
/// is dropped on the way is still answered with 503.
void supervisor_state::stop(const caf::error& reason) {
  if (stopping_for_)
    return;
  stopping_for_ = reason;
  front_->stop_accepting();
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
  front_->stop();
  parts_.tree->close();
  self_->quit(*stopping_for_);
}

supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           supervisor_parts parts) {
  self->set_exception_handler(crash_reason);
  self->set_down_handler([self](caf::down_msg& down) { self->state.child_died(down.source, down.reason); });
  self->set_exit_handler([self](caf::exit_msg& exit) { self->state.stop(exit.reason); });
  self->attach_functor([on_fatal = parts.on_fatal](const caf::error& reason) {
    if (reason != caf::exit_reason::user_shutdown) // its children go on, but nobody looks after them
      on_fatal("the supervisor died of " + to_string(reason));
  });
  self->state.start(std::move(parts));
  return {[self](listen_atom) { return self->state.listen(); },
          [self](admin_atom) { return self->state.listen_for_operators(); },
          [self](drain_atom) { return self->state.drain(); },
          [self](reload_atom, const model_set_ptr& models) { self->state.reload(models); },
          [self](revive_atom, std::uint64_t index) { self->state.revive(index); },
          [self](scale_atom, const std::string& stage, std::uint64_t workers) {
            return self->state.scale(stage, workers);
          },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
