#pragma once

#include "actors/interfaces.hpp"
#include "actors/items/told_items.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"
#include "models/availability/item_desk.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <memory>
#include <vector>

namespace winnow {

/// The item keeper's shared objects.
struct item_keeper_parts {
  std::shared_ptr<item_desk> desk;
  supervisor_actor supervisor; ///< Told when the desk dresses models differently.
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
  bool is_in_fleet = false; ///< What clients say is passed on to the fleet member.
  /// What the metrics know. Like the desk, which goes on counting, it outlives the actor.
  std::shared_ptr<desk_counts> told = std::make_shared<desk_counts>();
};

/// The item keeper's interface, including the messages that it sends to itself.
using item_keeper_self = item_keeper_actor::extend<
    // The changes that are waiting are to be applied.
    caf::reacts_to<flush_atom>,
    // It is time to look after the files and the clock.
    caf::reacts_to<tick_atom>>;

/// Applies changes of items, those that arrive together in one step, and answers once the supervisor has told
/// the other actors. Looks after the desk's files and its clock.
struct item_keeper_state {
  static inline const char* name = "item_keeper";

  explicit item_keeper_state(item_keeper_self::pointer owner) : self_(owner) {}
  ~item_keeper_state();

  void start(item_keeper_parts parts);
  void wire(const neighbours_ptr& neighbours) { fleet_ = neighbours->fleet; }
  caf::result<item_reply> update(const item_change_ptr& change);
  void take(const told_items& told);
  void apply();
  void look_after();
  actor_status_ptr status() const;

private:
  /// A change that waits, or whose effect does.
  struct pending {
    item_change_ptr change;
    caf::typed_response_promise<item_reply> answer;
  };

  void report();
  void dress();
  void tell(std::vector<item_fact> facts);

  item_keeper_self::pointer self_;
  item_keeper_parts parts_;
  fleet_member_actor fleet_; ///< Null without a fleet.
  std::vector<pending> waiting_;
};

/// @note Blocks while it reads and writes files. Must be spawned with `caf::detached`.
item_keeper_self::behavior_type item_keeper(item_keeper_self::stateful_pointer<item_keeper_state> self,
                                            item_keeper_parts parts);

} // namespace winnow
