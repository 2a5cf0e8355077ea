#include "actors/admin/admin_server.hpp"
#include "actors/admin/introspector.hpp"
#include "actors/metrics/metrics_aggregator.hpp"
#include "actors/pipeline/profile_poller.hpp"
#include "actors/pipeline/recommender.hpp"
#include "actors/rest/http_server.hpp"
#include "actors/stages/candidate_generator.hpp"
#include "actors/stages/din_ranker.hpp"
#include "actors/stages/ranknet_ranker.hpp"
#include "actors/store/change_listener.hpp"
#include "actors/store/redis_gateway.hpp"
#include "actors/supervision/supervisor.hpp"

// How each child of the supervision tree is started, and on what thread: actors that block get one of their
// own, all others share the scheduler's.

namespace winnow {

namespace {

template<class Function>
worker_factory workers_of(Function function, stage_worker_parts parts) {
  return [function, parts](caf::scheduled_actor* parent, const actor_record_ptr& record) {
    auto own = parts;
    own.record = record;
    return stage_worker_actor(parent->spawn(function, std::move(own)));
  };
}

} // namespace

supervisor_state::declaration supervisor_state::declare_stage(const std::string& stage,
                                                              stage_actor neighbours::*slot,
                                                              const worker_factory& worker) {
  stage_settings how;
  how.name = stage;
  how.max_batch = parts_.options.pipeline.max_batch;
  how.capacity = parts_.options.pipeline.max_in_flight;
  how.max_queue_age = parts_.options.pipeline.max_queue_age;
  how.stuck_after = parts_.options.admin.stuck_after;
  if (slot == &neighbours::candidate_generator)
    how.can_be_shared = can_be_shared;
  stage_workers_[stage] = parts_.stage_workers;
  return {false, [this, how, slot, worker](const actor_record_ptr& record) {
            stage_parts parts{how, parts_.meters, record, parts_.tree, parts_.health, parts_.idle_processors};
            parts.how.workers = stage_workers_.at(how.name);
            current_.*slot = self_->spawn(stage_dispatcher, std::move(parts), worker);
            return caf::actor_cast<caf::actor>(current_.*slot);
          }};
}

supervisor_state::declaration supervisor_state::declare_http() {
  const auto& options = parts_.options;
  const bool embedded = options.store.address.transport == store_address::kind::memory;
  front_ = std::make_shared<http_front>(
      http_front_parts{options.http, options.pipeline, embedded, parts_.health, parts_.meters});
  return {true, [this](const actor_record_ptr& record) {
            http_ = self_->spawn(http_server,
                                 http_server_parts{front_, parts_.options.pipeline.deadline, record});
            front_->serve_with(http_, record); // here: the port may be open before the actor first runs
            return caf::actor_cast<caf::actor>(http_);
          }};
}

supervisor_state::declaration supervisor_state::declare_admin() {
  return {true, [this](const actor_record_ptr& record) {
            const auto& now = parts_.options; // its port is the one that was taken
            admin_ = self_->spawn<caf::detached>(
                admin_server,
                admin_parts{now.admin, trace_parts{now.cascade, now.pipeline.deadline, directory_},
                            caf::actor_cast<supervisor_actor>(self_), parts_.health, parts_.tree,
                            parts_.history, up_since_, parts_.on_drain, record, parts_.faults});
            return caf::actor_cast<caf::actor>(admin_);
          }};
}

std::map<std::string, supervisor_state::declaration> supervisor_state::declare_children() {
  const auto& options = parts_.options;
  const stage_worker_parts worker{parts_.meters, {}, parts_.faults};
  directory_ = std::make_shared<profile_directory>();
  std::map<std::string, declaration> all;
  all["redis_gateway"] = {false, [this](const actor_record_ptr& record) {
                            current_.gateway = self_->spawn<caf::detached>(
                                redis_gateway, parts_.store, parts_.health, parts_.meters, record);
                            return caf::actor_cast<caf::actor>(current_.gateway);
                          }};
  all["change_listener"] = {true, [this](const actor_record_ptr& record) {
                              listener_ =
                                  self_->spawn<caf::detached>(change_listener, parts_.changes, record);
                              return caf::actor_cast<caf::actor>(listener_);
                            }};
  all["candidate_generator"] = declare_stage("candidate_generator", &neighbours::candidate_generator,
                                             workers_of(candidate_generator, worker));
  all["din_ranker"] = declare_stage("din_ranker", &neighbours::din_ranker, workers_of(din_ranker, worker));
  all["ranknet_ranker"] =
      declare_stage("ranknet_ranker", &neighbours::ranknet_ranker, workers_of(ranknet_ranker, worker));
  all["recommender"] = {true, [this, options](const actor_record_ptr& record) {
                          current_.recommender = self_->spawn(
                              recommender, recommender_parts{options.cascade, options.pipeline, directory_,
                                                             parts_.health, parts_.meters, record});
                          return caf::actor_cast<caf::actor>(current_.recommender);
                        }};
  all["profile_poller"] = {true, [this, options](const actor_record_ptr& record) {
                             current_.poller = self_->spawn(
                                 profile_poller, poller_parts{options.poller, options.pipeline, directory_,
                                                              parts_.health, parts_.meters, record});
                             return caf::actor_cast<caf::actor>(current_.poller);
                           }};
  all["metrics_aggregator"] = {true, [this](const actor_record_ptr& record) {
                                 current_.metrics =
                                     self_->spawn(metrics_aggregator, parts_.meters, parts_.health, record);
                                 return caf::actor_cast<caf::actor>(current_.metrics);
                               }};
  all["introspector"] = {false, [this](const actor_record_ptr& record) {
                           current_.introspector = self_->spawn<caf::detached>(
                               introspector, introspector_parts{parts_.tree, parts_.history,
                                                                parts_.options.admin.stuck_after, record});
                           return caf::actor_cast<caf::actor>(current_.introspector);
                         }};
  all["http_server"] = declare_http();
  all["admin_server"] = options.admin.address.off ? declaration{} : declare_admin();
  return all;
}

} // namespace winnow
