#pragma once

#include "actors/messages.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// The typed handles of all actors: which messages each accepts and what it replies.
namespace winnow {

/// The status request that every long-lived actor answers. It is sent at high priority, so busy actors answer
/// it; stuck ones do not. All interfaces below extend it.
using status_actor = caf::typed_actor<caf::replies_to<status_atom>::with<actor_status_ptr>>;

/// The bounded queue in front of a stage's workers. Idle workers take the waiting tasks.
using stage_actor = status_actor::extend<
    // Runs one task. Replies when its batch is done, or immediately with `overloaded`. Tasks past their
    // deadline get `timeout`.
    caf::replies_to<rank_atom, stage_task_ptr>::with<stage_reply>,
    // Sets the number of workers, at least one. Replies with that number.
    caf::replies_to<scale_atom, std::uint64_t>::with<count_reply>>;

/// Runs one stage's model on a batch: candidate generator, DIN ranker or RankNet ranker.
using stage_worker_actor = status_actor::extend<
    // Replies in task order; empty if the worker only helped another one.
    caf::replies_to<rank_atom, stage_batch>::with<stage_replies>>;

/// Owns the connection to the profile store and is the only actor that blocks on it.
using redis_gateway_actor = status_actor::extend<
    // Runs a batch of reads and writes. Waiting batches share one pipeline. Replies are in command order.
    caf::replies_to<execute_atom, store_commands>::with<store_replies>,
    // The same for commands of traced requests: tells the steps when their pipeline takes them, and when it
    // is done.
    caf::replies_to<execute_atom, store_commands, traced_steps>::with<store_replies>,
    // Lists one page of a family's keys. Arguments: family, cursor, approximate page size.
    caf::replies_to<scan_atom, key_family, std::uint64_t, std::uint64_t>::with<scan_reply>,
    // Counts the keys in the database.
    caf::replies_to<count_atom>::with<count_reply>>;

/// Carries a request through the stages: profile, candidates, DIN, RankNet, store.
using recommender_actor = status_actor::extend<
    // Replies when the list is stored, or with an error; immediately with `overloaded` beyond the limit.
    caf::replies_to<recommend_atom, recommendation_request_ptr>::with<recommendation_reply>,
    // The handles of the other actors; sent at start and after each restart or reload.
    caf::reacts_to<wire_atom, neighbours_ptr>>;

/// Finds out which profiles changed and has their lists computed, a bounded number at a time.
using profile_poller_actor =
    status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                         // Changed profiles, from the change listener.
                         caf::reacts_to<changed_atom, change_batch_ptr>,
                         // Lists stored on behalf of requests, from the recommender.
                         caf::reacts_to<stored_atom, stored_lists_ptr>,
                         // The store cannot announce changes, for this reason: sweep instead.
                         caf::reacts_to<untracked_atom, std::string>,
                         // What this replica does for its fleet from now on. Told again while it leads: begin
                         // to lead again.
                         caf::reacts_to<role_atom, fleet_role>,
                         // Changes that this replica has taken: compute their lists.
                         caf::reacts_to<taken_atom, fleet_entries_ptr>,
                         // Changes that other replicas have taken.
                         caf::reacts_to<seen_atom, profile_keys_ptr>,
                         // The learner has started over: tell it of all profiles, changed or not.
                         caf::reacts_to<relearn_atom>,
                         // The daemon shuts down: start no new work.
                         caf::reacts_to<drain_atom>>;

/// Learns from changed profiles while the models serve, and publishes models that know it.
using transition_learner_actor =
    status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                         // Changed profiles, from the poller.
                         caf::reacts_to<changed_atom, changed_profiles_ptr>,
                         // From the poller: it has told of all profiles. Publishes what was learned of them.
                         // Replies with these models once they are sent to the supervisor; null if nothing
                         // was learned.
                         caf::replies_to<relearn_atom>::with<model_set_ptr>,
                         // Forgets a user. Replies with how many records of it
                         // there were, once the state file has none either.
                         caf::replies_to<forget_atom, std::string>::with<count_reply>,
                         // Forgets users whom other replicas were told to forget.
                         caf::reacts_to<forget_atom, user_ids_ptr>>;

/// Applies what clients say about items, and reads the items file and the deny list again when they change.
using item_keeper_actor = status_actor::extend<
    // Replies when new requests know the change.
    caf::replies_to<update_atom, item_change_ptr>::with<item_reply>,
    // What other replicas were told, from the fleet member.
    caf::reacts_to<update_atom, told_items_ptr>, caf::reacts_to<wire_atom, neighbours_ptr>>;

/// Takes part in a fleet: holds the lease, shares the changes that the poller finds, and takes some.
using fleet_member_actor =
    status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                         // Changed profiles, from the poller of the leader. Replies whether there is room for
                         // more. Forgotten if this replica leads no longer: the next leader finds them.
                         caf::replies_to<enqueue_atom, profile_keys_ptr>::with<bool>,
                         // From the poller: acknowledge these.
                         caf::reacts_to<done_atom, finished_entries_ptr>,
                         // From the item keeper: tell the other replicas, now or when the store serves again.
                         caf::reacts_to<update_atom, told_items_ptr>,
                         // Has all replicas forget a user. Replies whether the store was told; if not, it is
                         // told when it serves again.
                         caf::replies_to<forget_atom, std::string>::with<bool>,
                         // The daemon shuts down: take no more.
                         caf::reacts_to<drain_atom>>;

/// Waits for the store to announce changes and passes them on to the poller. Blocks, so it has a thread of
/// its own.
using change_listener_actor = status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>>;

/// Reads messages of Kafka and stores them. Blocks, so it has a thread of its own.
using kafka_consumer_actor = status_actor;

/// Renders the metrics. Counts the store's keys for the JSON form.
using metrics_aggregator_actor =
    status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                         // Renders the metrics.
                         caf::replies_to<render_atom, metrics_form>::with<std::string>>;

/// Answers the HTTP server's requests with the help of the other actors.
using http_server_actor = status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                                               // A request from an I/O thread.
                                               caf::reacts_to<serve_atom, http_call_ptr>,
                                               // Stops accepting connections. Replies with the number of
                                               // requests still in flight.
                                               caf::replies_to<drain_atom>::with<std::uint64_t>>;

/// Asks all actors for their status and reports those that do not answer.
using introspector_actor = status_actor::extend<
    // Asks all actors once. Actors that stay silent for too long are reported as stuck.
    caf::replies_to<report_atom>::with<status_report_ptr>>;

/// Owns the admin endpoint, a separate HTTP server for operators.
using admin_server_actor = status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                                                // Binds and serves. Replies with the port, or an error that
                                                // names the address.
                                                caf::replies_to<listen_atom>::with<listen_reply>,
                                                // A request from an I/O thread.
                                                caf::reacts_to<serve_atom, admin_call_ptr>>;

/// Starts all other actors, sends them each other's handles, and restarts those that die.
using supervisor_actor = status_actor::extend<
    // Binds and serves the public API. Replies with the port, or an error that names the address.
    caf::replies_to<listen_atom>::with<listen_reply>,
    // Passed on to the HTTP server, which stops accepting connections, and to the poller, which starts no
    // new work. Replies with the number of requests still in flight.
    caf::replies_to<drain_atom>::with<std::uint64_t>,
    // Uses these models for all new requests.
    caf::reacts_to<reload_atom, model_set_ptr>,
    // Uses these models and rules for all new requests, both at once. Null models: those in force stay.
    caf::reacts_to<reload_atom, model_set_ptr, shop_rules_ptr>,
    // Uses these models, these rules, and beside the models these trials, all at once. Null models or rules:
    // those in force stay. Null trials: there are none any more.
    caf::reacts_to<reload_atom, model_set_ptr, shop_rules_ptr, model_trials_ptr>,
    // Uses these models, which know what was learned since, unless others were loaded meanwhile.
    caf::reacts_to<learned_atom, model_set_ptr>,
    // Uses the items' attributes, and the items to withhold, as the item desk has them now. Replies once the
    // other actors have been told.
    caf::replies_to<dress_atom>::with<bool>,
    // Passed on to the admin server.
    caf::replies_to<admin_atom>::with<listen_reply>,
    // Passed on to the stage with this name; also applies after the stage restarts.
    caf::replies_to<scale_atom, std::string, std::uint64_t>::with<count_reply>>;

/// The actors that send requests to each other, and the current models. Sent again after each restart and
/// reload, so that no actor keeps the handle of a dead one.
struct neighbours {
  model_set_ptr models;
  redis_gateway_actor gateway;            ///< For requests.
  redis_gateway_actor background_gateway; ///< For sweeps, changed profiles and counts.
  stage_actor candidate_generator;
  stage_actor din_ranker;
  stage_actor ranknet_ranker;
  recommender_actor recommender;
  profile_poller_actor poller;
  fleet_member_actor fleet;         ///< Null if there is no fleet.
  transition_learner_actor learner; ///< Null if the settings switch learning off.
  item_keeper_actor items;
  metrics_aggregator_actor metrics;
  introspector_actor introspector;
  shop_rules_ptr rules;    ///< The shop's rules for lists; null without a file of rules.
  model_trials_ptr trials; ///< The versions beside those models; null if there are none.
};

} // namespace winnow
