#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/registry/model_registry.hpp"
#include "actors/stages/fault_injection.hpp"
#include "actors/status/activity_history.hpp"
#include "actors/status/actor_tree.hpp"
#include "actors/status/health_board.hpp"
#include "actors/status/rules_board.hpp"
#include "actors/supervision/supervision_tree.hpp"
#include "actors/tracing/tracer.hpp"
#include "config/settings/settings.hpp"
#include "config/system/secret_token.hpp"
#include "http/access/security.hpp"
#include "models/availability/item_desk.hpp"
#include "models/gate/recent_profiles.hpp"
#include "models/online/taken_watch.hpp"

#include <functional>
#include <memory>
#include <string>

namespace winnow {

/// The parts from which the supervisor builds the daemon.
struct supervisor_parts {
  settings options;
  std::size_t stage_workers = 1;
  model_set_ptr models;
  model_trials_ptr trials = {};                    ///< Beside those models; null: none.
  std::shared_ptr<profile_store> store;            ///< Used by one gateway at a time.
  std::shared_ptr<profile_store> background_store; ///< The same data, for the other gateway.
  std::shared_ptr<profile_store> intake_store;     ///< The same data, for what is read from Kafka.
  std::shared_ptr<change_tracker> changes;         ///< Used by one listener at a time.
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  std::function<void(const std::string&)> on_fatal; ///< Called when restarts no longer help.
  /// Called with each actor that is started or restarted, and its name, on the supervisor's thread. May be
  /// empty.
  std::function<void(const std::string&, const caf::actor&)> on_started = {};
  std::shared_ptr<actor_tree> tree = std::make_shared<actor_tree>();
  std::shared_ptr<activity_history> history = std::make_shared<activity_history>();
  /// Called on the supervisor's thread when a stage is scaled, with the new maximum number of workers over
  /// all stages.
  std::function<void(std::size_t)> on_scale = [](std::size_t) {};
  /// Returns the number of idle processors. Called on any thread.
  std::function<std::size_t()> idle_processors = [] { return std::size_t{0}; };
  http::security public_guard = {};                   ///< Of the public port.
  std::shared_ptr<http::tls_identity> admin_identity; ///< Null: the admin endpoint speaks plain HTTP.
  std::string steering_token = secret_token();        ///< Operators must send it to change something.
  /// Called on any thread when an operator asks the daemon to drain and end.
  std::function<void()> on_drain = [] {};
  /// Called once a second, on any thread, while the actors make progress.
  std::function<void()> on_progress = [] {};
  supervision_tree supervision = daemon_supervision();
  std::shared_ptr<fault_injection> faults = {};  ///< Null if operators may not inject faults.
  tracer_ptr traces = {};                        ///< Null: nothing is traced.
  std::shared_ptr<model_registry> registry = {}; ///< Null: operators cannot change the models.
  std::shared_ptr<recent_profiles> recent = {};  ///< Takes the profiles that are read; may be null.
  std::shared_ptr<taken_watch> taken = {};       ///< Null: one is made as the options say.
  rules_board_ptr rules = {};                    ///< Null without a file of rules.
  std::shared_ptr<item_desk> desk = {};          ///< Null: one is opened as the options say.
};

/// The supervisor's interface including the message that it sends to itself.
using supervisor_self = supervisor_actor::extend<
    // The pause before the restart of the child with this index is over.
    caf::reacts_to<revive_atom, std::uint64_t>>;

} // namespace winnow
