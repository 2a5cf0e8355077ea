#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "actors/rest/http_front.hpp"
#include "actors/stages/fault_injection.hpp"
#include "actors/stages/stage_dispatcher.hpp"
#include "actors/status/activity_history.hpp"
#include "actors/status/actor_tree.hpp"
#include "actors/status/health_board.hpp"
#include "actors/supervision/supervision_tree.hpp"
#include "config/settings/settings.hpp"

#include <caf/actor_clock.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// What the supervisor builds the daemon from.
struct supervisor_parts {
  settings options;
  std::size_t stage_workers = 1;
  model_set_ptr models;
  std::shared_ptr<profile_store> store;    ///< Handed to one gateway at a time.
  std::shared_ptr<change_tracker> changes; ///< Handed to one listener at a time.
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  std::function<void(const std::string&)> on_fatal; ///< Called once restarting no longer helps.
  /// Told of each actor that is started, also anew, by its name; may be empty. Runs on the supervisor's
  /// thread.
  std::function<void(const std::string&, const caf::actor&)> on_started = {};
  std::shared_ptr<actor_tree> tree = std::make_shared<actor_tree>();
  std::shared_ptr<activity_history> history = std::make_shared<activity_history>();
  /// Told of the greatest number of workers that a stage has from now on. The supervisor's thread.
  std::function<void(std::size_t)> on_scale = [](std::size_t) {};
  /// How many processors have nothing to do. From any thread.
  std::function<std::size_t()> idle_processors = [] { return std::size_t{0}; };
  std::function<void()> on_drain = [] {}; ///< An operator wants the daemon to finish and end. Any thread.
  supervision_tree supervision = daemon_supervision();
  std::shared_ptr<fault_injection> faults = {}; ///< Null: operators may not make anything fail.
};

/// Carries out the supervision tree: starts the other actors, tells them of each other, and starts anew what
/// dies, after a pause. An actor that dies more often than its intensity allows takes its group with it,
/// which is started anew as a whole; a stage is left out of the cascade instead, and tried again after
/// growing pauses. Should groups fail too often, or the supervisor itself, it is fatal: then the process has
/// to begin anew.
struct supervisor_state {
  static inline const char* name = "supervisor";

  static constexpr std::chrono::seconds listen_patience{10};

  explicit supervisor_state(supervisor_actor::pointer owner) : self_(owner) {}

  void start(supervisor_parts parts);
  void child_died(const caf::actor_addr& address, const caf::error& reason);
  void revive(std::size_t index);
  void reload(const model_set_ptr& models);
  caf::result<listen_reply> listen();
  caf::result<listen_reply> listen_for_operators();
  caf::result<std::uint64_t> drain();
  caf::result<count_reply> scale(const std::string& stage, std::uint64_t workers);
  actor_status_ptr status() const { return status_of(*record_); }
  void stop(const caf::error& reason);

private:
  using starter = std::function<caf::actor(const actor_record_ptr& record)>;

  /// How a child is started. @note Defined in supervisor_children.cpp, with all that know the actors' kinds.
  struct declaration {
    bool wants_neighbours = false;
    starter start; ///< Also puts the typed handle into `current_`. Empty: the settings switch this child off.
  };

  struct group {
    std::string name;
    restart_strategy strategy = restart_strategy::one_for_one;
    actor_record_ptr record;
    bool begun_anew = false; ///< As a whole, and not all of its children are there yet.
  };

  struct child {
    std::string name;
    std::size_t group = 0;
    declaration how;
    restart_history deaths;
    actor_record_ptr record;
    caf::actor handle = {};
    bool up = false;
    bool stopping = false; ///< Told to end, as one that it builds on, or its group, is started anew.
    caf::actor_clock::time_point due{}; ///< When it may be started anew.
  };

  std::map<std::string, declaration> declare_children();
  declaration declare_stage(const std::string& stage, stage_actor neighbours::*slot,
                            const worker_factory& worker);
  declaration declare_http();
  declaration declare_admin();

  result<void> grow(const supervision_tree& tree);
  void spawn(child& starting);
  void restart(const std::vector<std::size_t>& indices, const std::string& because,
               std::chrono::milliseconds pause);
  std::vector<std::size_t> taken_along(std::size_t dead) const;
  void mark_down(child& dead, const restart_history::verdict& verdict, const std::string& reason);
  void escalate(std::size_t which, const std::string& reason);
  bool complete(std::size_t which) const;
  void stop_next();
  void listen_for_operators_again();
  void tell_everybody();

  supervisor_actor::pointer self_;
  supervisor_parts parts_;
  actor_record_ptr record_;
  neighbours current_;
  std::shared_ptr<http_front> front_;
  http_server_actor http_;
  admin_server_actor admin_;
  change_listener_actor listener_;
  std::shared_ptr<profile_directory> directory_;
  std::vector<group> groups_;
  std::vector<child> children_; ///< In the order of their start.
  std::optional<restart_history> group_deaths_;
  const std::chrono::system_clock::time_point up_since_ = std::chrono::system_clock::now();
  std::map<std::string, std::size_t> stage_workers_; ///< By stage: as set at start, or since.
  std::optional<caf::error> stopping_for_;           ///< Why the daemon ends.
  std::size_t not_stopped_ = 0;  ///< Of the children; the last of them is being waited for.
  bool admin_listening_ = false; ///< The admin server was told to listen: a new one has to listen again.
};

supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           supervisor_parts parts);

} // namespace winnow
