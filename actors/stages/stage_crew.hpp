#pragma once

#include "actors/stages/stage_dispatcher_self.hpp"
#include "actors/stages/stage_settings.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// Spawns a worker of the stage that updates `record`. Neither links nor monitors it: the crew monitors it.
using worker_factory =
    std::function<stage_worker_actor(caf::scheduled_actor* parent, const actor_record_ptr& record)>;

/// What the crew reports to the dispatcher, on the dispatcher's thread.
struct crew_events {
  std::function<void()> on_idle; ///< A worker is idle: `take_idle` returns one.
  /// The workers failed too often: the stage is down until `is_down` is false again.
  std::function<void(const std::string& reason)> on_down;
};

/// Manages the workers of one stage. Hires and retires them, and replaces those that die or hang, each after
/// a pause. If that happens too often, the stage is down: the crew hires no workers for a longer pause, then
/// tries again. The number of workers can be changed at any time. Runs on the dispatcher's thread only.
///
/// Protocol: each worker from `take_idle` ends in exactly one call of `give_back`, `abandon` or
/// `worker_died`.
class stage_crew {
public:
  /// @param self The dispatcher. It must pass its `revive_atom` and its workers' down messages to the crew.
  stage_crew(stage_dispatcher_self::pointer self, std::shared_ptr<const stage_parts> parts,
             worker_factory factory, crew_events events);

  /// Ends the workers.
  ~stage_crew();
  stage_crew(const stage_crew&) = delete;
  stage_crew& operator=(const stage_crew&) = delete;

  /// Hires the first workers.
  void start();

  /// Whether the stage is down.
  bool is_down() const noexcept { return !down_because_.empty(); }
  const std::string& down_because() const noexcept { return down_because_; } ///< Empty if the stage is up.

  std::size_t idle() const noexcept { return idle_.size(); }
  stage_worker_actor take_idle(); ///< Requires `idle() > 0`.

  /// Called when a worker finished its batch. It becomes idle, or retires if there are too many.
  void give_back(const stage_worker_actor& worker);

  /// Called when a worker hangs. Replaces it, and kills it, which takes effect once it stops hanging.
  void abandon(const stage_worker_actor& worker);

  void worker_died(const caf::down_msg& down);

  /// Called when a pause after a failure is over.
  void revive();

  /// Sets the number of workers. Excess busy workers retire after their batch.
  void scale(std::size_t workers);

private:
  /// A worker and its place in the tree.
  struct member {
    stage_worker_actor actor;
    actor_record_ptr record;
  };

  void hire();
  void hire_missing();
  void retire(const caf::actor_addr& leaving);
  actor_record_ptr dismiss(const caf::actor_addr& address);
  void replace_later(const std::string& reason);
  void revive_after(std::chrono::milliseconds pause);
  void go_down(const restart_history::verdict& verdict, const std::string& reason);
  void come_back();

  stage_dispatcher_self::pointer self_;
  const std::shared_ptr<const stage_parts> parts_;
  const worker_factory factory_;
  const crew_events events_;
  std::size_t wanted_;                   ///< How many workers there should be.
  std::uint64_t last_number_ = 0;        ///< The number in the name of the newest worker.
  std::vector<member> workers_;          ///< All live workers, except stuck ones.
  std::vector<stage_worker_actor> idle_; ///< Those without work.
  std::vector<actor_record_ptr> vacant_; ///< Records of dead workers, for their successors.
  std::vector<member> stuck_workers_;    ///< Abandoned, but still hanging.
  restart_history deaths_;               ///< Deaths and hangs of all workers.
  std::size_t pauses_ = 0;               ///< Pauses in progress.
  std::string down_because_;             ///< Empty if the stage is up.
};

} // namespace winnow
