#include "actors/supervision/daemon_children.hpp"

#include "actors/admin/admin_server.hpp"
#include "actors/admin/introspector.hpp"
#include "actors/fleet/fleet_member.hpp"
#include "actors/items/item_keeper.hpp"
#include "actors/kafka/kafka_consumer.hpp"
#include "actors/kafka/result_topic.hpp"
#include "actors/learning/transition_learner.hpp"
#include "actors/metrics/metrics_aggregator.hpp"
#include "actors/pipeline/recommender.hpp"
#include "actors/poller/profile_poller.hpp"
#include "actors/rest/http_server.hpp"
#include "actors/stages/candidate_generator.hpp"
#include "actors/stages/din_ranker.hpp"
#include "actors/stages/ranknet_ranker.hpp"
#include "actors/stages/stage_dispatcher.hpp"
#include "actors/store/change_listener.hpp"
#include "actors/store/redis_gateway.hpp"
#include "models/trials/model_trials.hpp"

// Actors that block have a thread of their own (`caf::detached`). All others share the scheduler's threads.

namespace winnow {

namespace {

template<class Function>
worker_factory workers_of(Function function, const stage_worker_parts& parts) {
  return [function, parts](caf::scheduled_actor* parent, const actor_record_ptr& record) {
    auto own = parts;
    own.record = record;
    return stage_worker_actor(parent->spawn(function, std::move(own)));
  };
}

profile_reader_actor detached_reader(caf::scheduled_actor* parent) {
  return parent->spawn<caf::detached>(profile_reader, true);
}

std::shared_ptr<http_front> make_front(const supervisor_parts& parts) {
  const auto& options = parts.options;
  const bool embedded = is_embedded(options.store.address);
  return std::make_shared<http_front>(http_front_parts{options.http, options.pipeline, embedded, parts.health,
                                                       parts.meters, parts.public_guard, parts.traces});
}

/// Lists are stored in less time than is left of the lease when a confirmation expires.
fleet_board_ptr make_board(const fleet_settings& settings) {
  constexpr std::size_t id_size = 12;
  if (settings.name.empty())
    return nullptr;
  return std::make_shared<fleet_board>(settings.name, secret_token().substr(0, id_size),
                                       fleet_times().lease * 3 / 4);
}

std::shared_ptr<taken_watch> make_watch(const pipeline_settings& settings) {
  return settings.watched_users == 0 ? nullptr : std::make_shared<taken_watch>(settings.watched_users);
}

} // namespace

daemon_children::daemon_children(supervisor_self::pointer self, std::shared_ptr<const supervisor_parts> parts)
    : self_(self), parts_(std::move(parts)), front_(make_front(*parts_)),
      on_stored_(result_topic(parts_->options.kafka, parts_->meters)),
      fleet_(make_board(parts_->options.fleet)),
      taken_(parts_->taken ? parts_->taken : make_watch(parts_->options.pipeline)),
      desk_(parts_->desk ? parts_->desk : item_desk::open(parts_->options.models).value()),
      admin_settings_(parts_->options.admin) {
  parts_->meters->taken.show(taken_);
  use(parts_->trials);
  use(parts_->models);
  if (parts_->rules)
    current_.rules = parts_->rules->state().rules;
}

std::map<std::string, child_declaration> daemon_children::declare() {
  const stage_worker_parts worker{parts_->meters, {}, parts_->faults};
  std::map<std::string, child_declaration> all;
  all["redis_gateway"] = declare_gateway(&neighbours::gateway, parts_->store, parts_->health);
  all["background_gateway"] =
      declare_gateway(&neighbours::background_gateway, parts_->background_store, nullptr);
  all["change_listener"] = declare_listener();
  all["candidate_generator"] = declare_stage("candidate_generator", &neighbours::candidate_generator,
                                             workers_of(candidate_generator, worker));
  all["din_ranker"] = declare_stage("din_ranker", &neighbours::din_ranker, workers_of(din_ranker, worker));
  all["ranknet_ranker"] =
      declare_stage("ranknet_ranker", &neighbours::ranknet_ranker, workers_of(ranknet_ranker, worker));
  all["recommender"] = declare_recommender();
  all["transition_learner"] =
      parts_->options.learning.interval.count() == 0 ? child_declaration{} : declare_learner();
  all["item_keeper"] = declare_items();
  all["fleet_member"] = fleet_ ? declare_fleet() : child_declaration{};
  all["profile_poller"] = declare_poller();
  all["kafka_consumer"] = parts_->options.kafka.enabled ? declare_kafka() : child_declaration{};
  all["metrics_aggregator"] = declare_metrics();
  all["introspector"] = declare_introspector();
  all["http_server"] = declare_http();
  all["admin_server"] = parts_->options.admin.address.off ? child_declaration{} : declare_admin();
  return all;
}

// ---- the models ----

void daemon_children::use(const model_set_ptr& models) {
  current_.models = desk_->adopt(models);
  use(current_.trials);
}

void daemon_children::dress() {
  current_.models = desk_->dress(current_.models);
  use(current_.trials);
}

/// @param trials May be dressed already.
void daemon_children::use(model_trials_ptr trials) { // a copy, as it may be what it replaces
  const auto before = std::exchange(current_.trials, trials);
  if (!trials || !current_.models)
    return;
  const auto dressed_before = [&](const model_set_ptr& models) -> model_set_ptr {
    if (before)
      for (const auto& one : before->arms)
        if (one && one->version == models->version)
          return one;
    return before && before->shadow && before->shadow->version == models->version ? before->shadow : nullptr;
  };
  auto dressed = std::make_shared<model_trials>(*trials);
  for (auto* one : dressed->others())
    *one = desk_->dress_beside(*one, dressed_before(*one));
  current_.trials = std::move(dressed);
}

// ---- how each child is started ----

child_declaration daemon_children::declare_gateway(redis_gateway_actor neighbours::*handle,
                                                   const std::shared_ptr<profile_store>& store,
                                                   const std::shared_ptr<health_board>& health) {
  return {false, [this, handle, store, health](const actor_record_ptr& record) {
            current_.*handle = self_->spawn<caf::detached>(
                redis_gateway, gateway_parts{store, health, parts_->meters, record});
            return caf::actor_cast<caf::actor>(current_.*handle);
          }};
}

child_declaration daemon_children::declare_listener() {
  return {true, [this](const actor_record_ptr& record) {
            const change_listener_actor listener =
                self_->spawn<caf::detached>(change_listener, parts_->changes, record, fleet_);
            return caf::actor_cast<caf::actor>(listener);
          }};
}

child_declaration daemon_children::declare_stage(const std::string& stage, stage_actor neighbours::*handle,
                                                 const worker_factory& worker) {
  stage_settings given;
  given.name = stage;
  given.max_batch = parts_->options.pipeline.max_batch;
  given.capacity = parts_->options.pipeline.max_in_flight;
  given.max_task_wait = parts_->options.pipeline.max_queue_age;
  given.stuck_after = parts_->options.admin.stuck_after;
  if (handle == &neighbours::candidate_generator)
    given.can_be_shared = can_be_shared;
  stages_[stage] = {handle, parts_->stage_workers};
  return {false, [this, given, handle, worker](const actor_record_ptr& record) {
            stage_parts dispatcher{given,        parts_->meters, record,
                                   parts_->tree, parts_->health, parts_->idle_processors};
            dispatcher.settings.workers = stages_.at(given.name).workers;
            current_.*handle = self_->spawn(stage_dispatcher, std::move(dispatcher), worker);
            return caf::actor_cast<caf::actor>(current_.*handle);
          }};
}

child_declaration daemon_children::declare_recommender() {
  return {true, [this](const actor_record_ptr& record) {
            const auto& options = parts_->options;
            current_.recommender = self_->spawn(
                recommender, recommender_parts{options.cascade, options.pipeline, directory_, parts_->health,
                                               parts_->meters, record, omission_log(), parts_->traces,
                                               on_stored_, fleet_, taken_, detached_reader, parts_->rules});
            return caf::actor_cast<caf::actor>(current_.recommender);
          }};
}

child_declaration daemon_children::declare_learner() {
  return {true, [this](const actor_record_ptr& record) {
            backlog_->profiles = 0; // what an earlier learner did not come to is told again
            current_.learner = self_->spawn<caf::detached>(
                transition_learner,
                learner_parts{parts_->options.learning, caf::actor_cast<supervisor_actor>(self_),
                              parts_->meters, record, backlog_, fleet_});
            return caf::actor_cast<caf::actor>(current_.learner);
          }};
}

child_declaration daemon_children::declare_items() {
  const auto told = std::make_shared<desk_counts>();
  return {true, [this, told](const actor_record_ptr& record) {
            current_.items = self_->spawn<caf::detached>(
                item_keeper,
                item_keeper_parts{desk_, caf::actor_cast<supervisor_actor>(self_), parts_->health,
                                  parts_->meters, record, fleet_ != nullptr, told});
            return caf::actor_cast<caf::actor>(current_.items);
          }};
}

child_declaration daemon_children::declare_poller() {
  return {true, [this](const actor_record_ptr& record) {
            const auto& options = parts_->options;
            poller_parts given{options.poller, options.pipeline, directory_, parts_->health,
                               parts_->meters, record,           backlog_,   options.cascade};
            given.taken = taken_;
            given.recent = parts_->recent;
            given.list_ttl = options.store.list_ttl;
            given.role = fleet_ ? fleet_role::follower : fleet_role::alone;
            current_.poller = self_->spawn(profile_poller, std::move(given));
            return caf::actor_cast<caf::actor>(current_.poller);
          }};
}

child_declaration daemon_children::declare_kafka() {
  return {false, [this](const actor_record_ptr& record) {
            parts_->meters->kafka.enabled();
            const kafka_consumer_actor consumer = self_->spawn<caf::detached>(
                kafka_consumer, kafka_consumer_parts{parts_->options.kafka, parts_->intake_store, directory_,
                                                     parts_->health, parts_->meters, record});
            return caf::actor_cast<caf::actor>(consumer);
          }};
}

child_declaration daemon_children::declare_fleet() {
  return {true, [this](const actor_record_ptr& record) {
            current_.fleet =
                self_->spawn<caf::detached>(fleet_member, fleet_parts{parts_->options, fleet_, parts_->health,
                                                                      parts_->meters, record, shares()});
            return caf::actor_cast<caf::actor>(current_.fleet);
          }};
}

child_declaration daemon_children::declare_metrics() {
  return {true, [this](const actor_record_ptr& record) {
            const auto& options = parts_->options;
            current_.metrics =
                self_->spawn(metrics_aggregator, parts_->meters, parts_->health, record,
                             options.http.legacy_metrics ? std::optional(options.cascade) : std::nullopt);
            return caf::actor_cast<caf::actor>(current_.metrics);
          }};
}

child_declaration daemon_children::declare_introspector() {
  return {false, [this](const actor_record_ptr& record) {
            introspector_parts parts{parts_->tree, parts_->history, parts_->options.admin.stuck_after, record,
                                     parts_->health};
            parts.on_progress = parts_->on_progress;
            current_.introspector = self_->spawn<caf::detached>(introspector, std::move(parts));
            return caf::actor_cast<caf::actor>(current_.introspector);
          }};
}

child_declaration daemon_children::declare_http() {
  return {true, [this](const actor_record_ptr& record) {
            const bool embedded = is_embedded(parts_->options.store.address);
            http_ = self_->spawn(
                http_server, http_server_parts{front_, parts_->options.pipeline.deadline, record,
                                               rights_to_change(parts_->options.http, embedded), forgetter(),
                                               directory_, parts_->options.poller.keep_lists});
            front_->serve_with(http_,
                               record); // here, because the port may be open before the actor first runs
            return caf::actor_cast<caf::actor>(http_);
          }};
}

child_declaration daemon_children::declare_admin() {
  return {true, [this](const actor_record_ptr& record) {
            const auto& options = parts_->options;
            admin_ = self_->spawn<caf::detached>(
                admin_server,
                admin_parts{admin_settings_,
                            trace_parts{options.cascade, options.pipeline.deadline, directory_},
                            caf::actor_cast<supervisor_actor>(self_), parts_->health, parts_->tree,
                            parts_->history, up_since_, parts_->steering_token, parts_->on_drain, record,
                            parts_->faults, parts_->admin_identity, parts_->traces, parts_->meters, fleet_,
                            parts_->registry, taken_, parts_->rules});
            return caf::actor_cast<caf::actor>(admin_);
          }};
}

} // namespace winnow
