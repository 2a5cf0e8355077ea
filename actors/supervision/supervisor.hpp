#pragma once

#include "actors/supervision/daemon_children.hpp"
#include "actors/supervision/supervisor_parts.hpp"

#include <caf/actor_clock.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Carries out the supervision tree: starts the other actors, sends them each other's handles, and restarts
/// those that die, after a pause. If an actor dies more often than its policy allows, its whole group is
/// restarted; a stage instead is left out of the cascade and retried after growing pauses. If groups restart
/// too often, or the supervisor itself dies, that is fatal: the process must be restarted.
struct supervisor_state {
  static inline const char* name = "supervisor";

  explicit supervisor_state(supervisor_self::pointer owner) : self_(owner) {}

  void start(supervisor_parts parts);
  void child_died(const caf::actor_addr& address, const caf::error& reason);
  void revive(std::size_t index);
  void reload(const model_set_ptr& models);
  void reload(const model_set_ptr& models, const shop_rules_ptr& rules);
  void reload(const model_set_ptr& models, const shop_rules_ptr& rules, const model_trials_ptr& trials);
  void use_learned(const model_set_ptr& models);
  bool dress();
  actor_status_ptr status() const { return status_of(*record_); }
  void stop(const caf::error& reason);

  std::optional<daemon_children> daemon_;

private:
  struct group {
    std::string name;
    restart_strategy strategy = restart_strategy::one_for_one;
    actor_record_ptr record;
    bool restarting = false; ///< It restarts as a whole and not all children are up yet.
  };

  struct child {
    std::string name;
    std::size_t group = 0;
    child_declaration declared;
    restart_history deaths;
    actor_record_ptr record;
    caf::actor handle = {};
    bool up = false;
    /// It was sent an exit message because its group, or a child that it depends on, restarts.
    bool stopping = false;
    caf::actor_clock::time_point due{}; ///< When it may be restarted.
  };

  result<void> build_tree(const supervision_tree& tree);
  void spawn(child& starting);
  void broadcast_neighbours();
  void restart(const std::vector<std::size_t>& indices, const std::string& because,
               std::chrono::milliseconds pause);
  std::vector<std::size_t> restart_set(std::size_t dead) const;
  void mark_down(child& dead, const restart_history::verdict& verdict, const std::string& reason);
  void escalate(std::size_t which, const std::string& reason);
  bool complete(std::size_t which) const;
  void stop_next();

  supervisor_self::pointer self_;
  std::shared_ptr<const supervisor_parts> parts_;
  actor_record_ptr record_;
  std::vector<group> groups_;
  std::vector<child> children_; ///< In start order.
  std::optional<restart_history> group_deaths_;
  std::optional<caf::error> stopping_for_; ///< Why the daemon ends; nullopt while it runs.
  /// During shutdown, the index of the child that is stopping; those before it are still to be stopped.
  std::size_t not_stopped_ = 0;
};

supervisor_self::behavior_type supervisor(supervisor_self::stateful_pointer<supervisor_state> self,
                                          supervisor_parts parts);

} // namespace winnow
