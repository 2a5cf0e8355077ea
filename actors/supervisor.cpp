#include "actors/supervisor.hpp"

#include "actors/admin_server.hpp"
#include "actors/candidate_generator.hpp"
#include "actors/change_listener.hpp"
#include "actors/crash_reason.hpp"
#include "actors/din_ranker.hpp"
#include "actors/http_server.hpp"
#include "actors/introspector.hpp"
#include "actors/metrics_aggregator.hpp"
#include "actors/profile_poller.hpp"
#include "actors/ranknet_ranker.hpp"
#include "actors/recommender.hpp"
#include "actors/redis_gateway.hpp"
#include "config/log.hpp"

#include <algorithm>

namespace winnow {

namespace {

template<class Function>
worker_factory workers_of(Function function, std::shared_ptr<metrics> meters) {
  return [function, meters](caf::scheduled_actor* parent, const actor_record_ptr& record) {
    return stage_worker_actor(parent->spawn(function, stage_worker_parts{meters, record}));
  };
}

} // namespace

void supervisor_state::start(supervisor_parts parts) {
  parts_ = std::move(parts);
  current_.models = parts_.models;
  record_ = parts_.tree->add(name, 0);
  parts_.tree->started(*record_, caf::actor_cast<supervisor_actor>(self_));
  declare_children();
  for (auto& declared : children_)
    spawn(declared);
  tell_everybody();
}

void supervisor_state::declare(const std::string& child_name, bool wants_neighbours, starter start) {
  children_.push_back(
      {child_name, wants_neighbours, std::move(start), parts_.tree->add(child_name, record_->id())});
}

void supervisor_state::declare_stage(const std::string& stage, stage_actor neighbours::*slot,
                                     const worker_factory& worker) {
  stage_settings how;
  how.name = stage;
  how.max_batch = parts_.options.pipeline.max_batch;
  how.capacity = parts_.options.pipeline.max_in_flight;
  stage_workers_[stage] = parts_.stage_workers;
  declare(stage, false, [this, how, slot, worker](const actor_record_ptr& record) {
    auto current = how;
    current.workers = stage_workers_.at(how.name);
    current_.*slot =
        self_->spawn(stage_dispatcher, stage_parts{current, parts_.meters, record, parts_.tree}, worker);
    return caf::actor_cast<caf::actor>(current_.*slot);
  });
}

void supervisor_state::declare_children() {
  const auto& options = parts_.options;
  const auto& meters = parts_.meters;
  directory_ = std::make_shared<profile_directory>();
  declare("redis_gateway", false, [this](const actor_record_ptr& record) {
    current_.gateway =
        self_->spawn<caf::detached>(redis_gateway, parts_.store, parts_.health, parts_.meters, record);
    return caf::actor_cast<caf::actor>(current_.gateway);
  });
  declare_stage("candidate_generator", &neighbours::candidate_generator,
                workers_of(candidate_generator, meters));
  declare_stage("din_ranker", &neighbours::din_ranker, workers_of(din_ranker, meters));
  declare_stage("ranknet_ranker", &neighbours::ranknet_ranker, workers_of(ranknet_ranker, meters));
  declare("recommender", true, [this, options](const actor_record_ptr& record) {
    current_.recommender =
        self_->spawn(recommender, recommender_parts{options.cascade, options.pipeline, directory_,
                                                    parts_.health, parts_.meters, record});
    return caf::actor_cast<caf::actor>(current_.recommender);
  });
  declare("profile_poller", true, [this, options](const actor_record_ptr& record) {
    current_.poller = self_->spawn(profile_poller, poller_parts{options.poller, options.pipeline, directory_,
                                                                parts_.health, parts_.meters, record});
    return caf::actor_cast<caf::actor>(current_.poller);
  });
  declare("change_listener", true, [this](const actor_record_ptr& record) {
    listener_ = self_->spawn<caf::detached>(change_listener, parts_.changes, record);
    return caf::actor_cast<caf::actor>(listener_);
  });
  declare("metrics_aggregator", true, [this](const actor_record_ptr& record) {
    current_.metrics = self_->spawn(metrics_aggregator, parts_.meters, parts_.health, record);
    return caf::actor_cast<caf::actor>(current_.metrics);
  });
  // On a thread of its own, as the admin server is: whoever wants to know what is wrong is told, also when
  // actors that hang hold all the threads of the others.
  declare("introspector", false, [this](const actor_record_ptr& record) {
    current_.introspector = self_->spawn<caf::detached>(
        introspector,
        introspector_parts{parts_.tree, parts_.history, parts_.options.admin.stuck_after, record});
    return caf::actor_cast<caf::actor>(current_.introspector);
  });
  declare("http_server", true, [this](const actor_record_ptr& record) {
    const auto& now = parts_.options; // its port is the one that was taken
    const bool embedded = now.store.address.transport == store_address::kind::memory;
    http_ = self_->spawn(http_server, http_server_parts{now.http, now.pipeline.deadline, embedded,
                                                        parts_.health, parts_.meters, record});
    return caf::actor_cast<caf::actor>(http_);
  });
  if (!options.admin.address.off)
    declare_admin();
}

void supervisor_state::declare_admin() {
  declare("admin_server", true, [this](const actor_record_ptr& record) {
    const auto& now = parts_.options;
    admin_ = self_->spawn<caf::detached>(
        admin_server, admin_parts{now.admin, trace_parts{now.cascade, now.pipeline.deadline, directory_},
                                  caf::actor_cast<supervisor_actor>(self_), parts_.health, parts_.tree,
                                  parts_.history, up_since_, parts_.on_drain, record});
    return caf::actor_cast<caf::actor>(admin_);
  });
}

void supervisor_state::spawn(child& starting) {
  starting.handle = starting.start(starting.record);
  self_->monitor(starting.handle);
  parts_.tree->started(*starting.record, caf::actor_cast<status_actor>(starting.handle));
  if (parts_.on_started)
    parts_.on_started(starting.name, starting.handle);
}

void supervisor_state::tell_everybody() {
  const neighbours_ptr others = std::make_shared<const neighbours>(current_);
  for (const auto& told : children_)
    if (told.wants_neighbours)
      caf::anon_send(told.handle, wire_atom_v, others);
  parts_.meters->model_loaded(current_.models->version, current_.models->items.size(),
                              current_.models->users.size());
}

void supervisor_state::child_died(const caf::actor_addr& address, const caf::error& reason) {
  const auto dead = std::find_if(children_.begin(), children_.end(),
                                 [&](const child& one) { return one.handle.address() == address; });
  if (dead == children_.end())
    return;
  const activity burying(*record_, "looking after an actor that died");
  parts_.tree->died(*dead->record, to_string(reason));
  const auto now = steady_clock::now();
  dead->deaths.push_back(now);
  while (now - dead->deaths.front() > window)
    dead->deaths.pop_front();
  log_event(log_level::error, dead->name, "actor died",
            {{"reason", to_string(reason)}, {"deaths_in_window", dead->deaths.size()}});
  if (dead->deaths.size() > intensity) {
    dead->record->becomes(actor_state::down);
    return parts_.on_fatal(dead->name + " died " + std::to_string(dead->deaths.size()) + " times within " +
                           std::to_string(window.count()) + " s, the last time of " + to_string(reason));
  }
  parts_.meters->actor_restarted(dead->name);
  const auto pause = std::min(first_pause * (1 << (dead->deaths.size() - 1)), longest_pause);
  self_->delayed_send(self_, pause, revive_atom_v, static_cast<std::uint64_t>(dead - children_.begin()));
}

void supervisor_state::revive(std::size_t index) {
  const activity starting(*record_, "starting an actor anew");
  child& revived = children_.at(index);
  spawn(revived);
  tell_everybody();
  log_event(log_level::info, revived.name, "actor restarted");
  if (listening_ && revived.name == "http_server")
    listen_again();
  if (admin_listening_ && revived.name == "admin_server")
    listen_for_operators_again();
}

void supervisor_state::listen_again() {
  self_->request(http_, listen_patience, listen_atom_v)
      .then(
          [this](const listen_reply& port) {
            if (!*port)
              parts_.on_fatal("http_server cannot listen again: " + port->error().message);
          },
          [](const caf::error& reason) { // its death is seen and handled
            log_event(log_level::error, name, "http_server did not listen", {{"reason", to_string(reason)}});
          });
}

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
  auto answer = self_->make_response_promise<listen_reply>();
  self_->request(http_, listen_patience, listen_atom_v)
      .then(
          [this, answer](const listen_reply& port) mutable {
            listening_ = port->has_value();
            if (listening_) // a restarted server takes the same port, also where any would have done at first
              parts_.options.http.port = **port;
            answer.deliver(port);
          },
          [answer](const caf::error& reason) mutable { answer.deliver(reason); });
  return answer;
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
  const auto dispatcher =
      std::find_if(children_.begin(), children_.end(), [&](const child& one) { return one.name == stage; });
  return self_->delegate(caf::actor_cast<stage_actor>(dispatcher->handle), scale_atom_v, workers);
}

/// Those who ask go before those who are asked.
void supervisor_state::stop_children() {
  parts_.tree->close();
  for (auto one = children_.rbegin(); one != children_.rend(); ++one) {
    one->record->becomes(actor_state::stopping);
    self_->demonitor(one->handle);
    self_->send_exit(one->handle, caf::exit_reason::user_shutdown);
  }
}

supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           supervisor_parts parts) {
  self->set_exception_handler(crash_reason);
  self->set_down_handler([self](caf::down_msg& down) { self->state.child_died(down.source, down.reason); });
  self->set_exit_handler([self](caf::exit_msg& exit) {
    self->state.stop_children();
    self->quit(exit.reason);
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
