#pragma once

#include "actors/messages.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// Every typed handle of Winnow. Who may be asked what, and what comes back.
namespace winnow {

/// What every long-lived actor answers, also when it is busy: asked at high priority, in vain of one that is
/// stuck. All interfaces below extend it.
using status_actor = caf::typed_actor<caf::replies_to<status_atom>::with<actor_status_ptr>>;

/// Sits before a stage's workers: a bounded queue, from which idle workers take what waits.
using stage_actor = status_actor::extend<
    // One task; answered when its batch is done, or at once with `overloaded`. Late tasks are answered
    // `timeout`.
    caf::replies_to<rank_atom, stage_task_ptr>::with<stage_reply>,
    // From now on so many workers, at least one; answered with their number.
    caf::replies_to<scale_atom, std::uint64_t>::with<count_reply>>;

/// Runs one stage's model on a batch: candidate generator, DIN ranker, RankNet ranker.
using stage_worker_actor = status_actor::extend<
    // Replies in the order of the tasks; with none from a worker that only helped.
    caf::replies_to<rank_atom, stage_batch>::with<stage_replies>>;

/// Owns the connection to the profile store; the only one that blocks on it.
using redis_gateway_actor = status_actor::extend<
    // A batch of reads and writes; what waits is gathered into one pipeline. Replies in order.
    caf::replies_to<execute_atom, store_commands>::with<store_replies>,
    // One page of the keys of a family, from a cursor, of about so many keys.
    caf::replies_to<scan_atom, key_family, std::uint64_t, std::uint64_t>::with<scan_reply>,
    // How many keys the database holds.
    caf::replies_to<count_atom>::with<count_reply>>;

/// Carries a request through the stages: profile, candidates, DIN, RankNet, store.
using recommender_actor = status_actor::extend<
    // Answered when the list is stored, or with why there is none; `overloaded` at once beyond the limit.
    caf::replies_to<recommend_atom, recommendation_request_ptr>::with<recommendation_reply>,
    // The handles of the other actors, now and after each restart or reload.
    caf::reacts_to<wire_atom, neighbours_ptr>>;

/// Learns which profiles changed and has their lists computed, a bounded number at a time.
using profile_poller_actor =
    status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                         // Profiles that changed, from the change listener.
                         caf::reacts_to<changed_atom, change_batch_ptr>,
                         // Lists that requests had stored, from the recommender.
                         caf::reacts_to<stored_atom, stored_lists_ptr>,
                         // The store cannot announce changes now, for this reason: sweep instead.
                         caf::reacts_to<untracked_atom, std::string>,
                         // Begin nothing new: the daemon is on its way out.
                         caf::reacts_to<drain_atom>>;

/// Waits for the store's announcements of changes and passes them on to the poller. Blocks; detached.
using change_listener_actor = status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>>;

/// Renders the metrics; counts keys for the JSON form.
using metrics_aggregator_actor =
    status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                         // The metrics as JSON (false) or as Prometheus text (true).
                         caf::replies_to<render_atom, bool>::with<std::string>>;

/// Owns the HTTP server; answers its requests by asking the other actors.
using http_server_actor = status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                                               // A request from an I/O thread.
                                               caf::reacts_to<serve_atom, http_call_ptr>,
                                               // No new connections; how many requests are still in flight.
                                               caf::replies_to<drain_atom>::with<std::uint64_t>>;

/// Asks all actors how they are, and notices those that do not answer.
using introspector_actor = status_actor::extend<
    // A round of questions; those who are silent for too long are reported as stuck.
    caf::replies_to<report_atom>::with<status_report_ptr>>;

/// Owns the admin endpoint: an HTTP server of its own, for operators.
using admin_server_actor =
    status_actor::extend<caf::reacts_to<wire_atom, neighbours_ptr>,
                         // Bind and serve; the port, or an error that names the address.
                         caf::replies_to<listen_atom>::with<listen_reply>,
                         // A request from an I/O thread.
                         caf::reacts_to<serve_atom, admin_call_ptr>>;

/// Starts all other actors, tells them of each other, and starts anew what dies.
using supervisor_actor = status_actor::extend<
    // Bind and serve REST; the port, or an error that names the address.
    caf::replies_to<listen_atom>::with<listen_reply>,
    // Passed on to the HTTP server, which accepts no more; the poller begins nothing new either.
    caf::replies_to<drain_atom>::with<std::uint64_t>,
    // From now on new requests use these models.
    caf::reacts_to<reload_atom, model_set_ptr>,
    // Passed on to the admin server.
    caf::replies_to<admin_atom>::with<listen_reply>,
    // Passed on to the stage with this name; holds for its restarts, too.
    caf::replies_to<scale_atom, std::string, std::uint64_t>::with<count_reply>>;

/// The actors that ask each other, and the models in force. Sent anew after each restart and reload, so that
/// nobody goes on with the handle of a dead actor.
struct neighbours {
  model_set_ptr models;
  redis_gateway_actor gateway;
  stage_actor candidate_generator;
  stage_actor din_ranker;
  stage_actor ranknet_ranker;
  recommender_actor recommender;
  profile_poller_actor poller;
  metrics_aggregator_actor metrics;
  introspector_actor introspector;
};

} // namespace winnow
