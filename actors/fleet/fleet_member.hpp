#pragma once

#include "actors/fleet/fleet_parts.hpp"
#include "actors/fleet_messages.hpp"
#include "actors/items/told_items.hpp"
#include "actors/runtime/burst_signal.hpp"
#include "actors/store/socket_waiter.hpp"
#include "config/log/flood_limit.hpp"
#include "redis/fleet/fleet_channel.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace winnow {

/// The member's interface, including the messages that it sends to itself.
using fleet_member_self = fleet_member_actor::extend<
    // Report to the fleet and look at it.
    caf::reacts_to<tick_atom>,
    // Share the changes that a burst has brought.
    caf::reacts_to<flush_atom>,
    // Entries of the stream may have arrived.
    caf::reacts_to<arrived_atom>>;

/// This replica's part in its fleet. Looks at the fleet a few times per lease time; what it finds decides the
/// replica's role:
///
///   follower -- the lease is free or its own --> leader        (the poller sweeps, which closes the gap)
///   leader   -- the lease is another's, or the store is silent for the lease time --> follower
///   any      -- a live replica has newer models --> outdated   (takes nothing until it has them, too)
///
/// As leader it adds the changes that the poller finds to the stream. In the roles leader and follower it
/// takes entries from the stream, as many as the poller has room for, passes them to the poller, renews them
/// until the poller has finished them, and then acknowledges them.
struct fleet_member_state {
  static inline const char* name = "fleet_member";

  explicit fleet_member_state(fleet_member_self::pointer owner);

  void start(fleet_parts parts);
  void wire(const neighbours_ptr& neighbours);
  void tick();
  bool enqueue(const std::vector<profile_key>& keys);
  void flush();
  void arrived();
  void done(const finished_entries& finished);
  void tell(const told_items& told);
  bool erase(const std::string& user_id); ///< @return Whether the store was told.
  void drain() { draining_ = true; }
  void leave();
  actor_status_ptr status() const;

private:
  fleet_report report() const;
  void beat();
  void saw(fleet_state state);
  void unseen(const error& reason);
  void becomes(fleet_role role, std::uint64_t fence);
  void tell_role();
  void note_version(const std::string& in_force);
  void renew();
  void claim();
  void trim();
  void observe(const std::string& up_to);
  void take_more();
  void take(std::vector<fleet_entry> entries);
  void tell_waiting();
  void hear(const fleet_state& state);
  void hear_values(std::uint64_t told);
  void pass_on(const std::vector<fleet_value>& values, bool all);
  bool hear_erasures();
  void share_experiment();
  bool may_take() const;
  std::size_t most_in_hand() const;
  void acknowledge(const std::vector<std::string>& ids, bool computed);
  void note_failure(const error& reason);
  void judge(bool all_well);

  fleet_member_self::pointer self_;
  burst_signal<fleet_member_self, flush_atom> flush_;
  fleet_parts parts_;
  std::unique_ptr<fleet_access> channel_;
  std::unique_ptr<socket_waiter> waiter_; ///< Null until something is awaited.
  neighbours_ptr neighbours_;
  std::string rules_;          ///< Digest of the shop's rules; empty: none.
  std::string models_;         ///< Version of the models in use; empty before the first.
  bool loaded_newest_ = false; ///< They were just loaded in place of others.
  fleet_role role_ = fleet_role::follower;
  std::uint64_t fence_ = 0;                             ///< 0 if this replica does not lead.
  std::string in_force_;                                ///< As last seen.
  std::optional<steady_clock::time_point> sweep_again_; ///< When a new version has reached all replicas.
  steady_clock::time_point seen_{}, renewed_{}, claimed_{}, trimmed_{};

  std::deque<std::string> outbox_;            ///< Changed keys to be shared.
  std::unordered_set<std::string> in_outbox_; ///< The same.
  /// The entries that the poller has, by id: false if another replica has taken over.
  std::unordered_map<std::string, bool> in_hand_;
  std::unordered_set<std::string> taken_unseen_; ///< Ids of entries taken here and not yet observed.
  std::vector<std::string> unacknowledged_;      ///< Ids that the store could not be told of.
  std::string observed_;              ///< Id of the entry observed last; empty before the first look.
  std::vector<fleet_value> to_tell_;  ///< The store could not be told of these yet.
  std::vector<std::string> to_erase_; ///< The same: users.
  std::optional<std::uint64_t> told_; ///< How many values were heard; nullopt: all have to be read.
  std::string erased_;                ///< Id of the erasure heard last; empty before the first.
  bool is_first_look_ = true;         ///< Of this process: what was erased before it is not heard yet.
  std::optional<told_experiment> experiment_; ///< Of the fleet.
  std::string problem_;                       ///< The last failure, as clients may be told.
  bool failed_ = false;                       ///< Since the last look at the fleet began.
  bool reported_ = false;                     ///< The log has a failure, and no word yet that it is over.
  std::optional<steady_clock::time_point> failing_since_; ///< Nullopt if all is well.
  bool draining_ = false;
  std::uint64_t computed_ = 0, claims_ = 0, computed_twice_ = 0;
  flood_limit failures_; ///< The last member, because it reports until it has ended.
};

/// @note Blocks while it waits for the store. Must be spawned with `caf::detached`.
fleet_member_self::behavior_type fleet_member(fleet_member_self::stateful_pointer<fleet_member_state> self,
                                              fleet_parts parts);

} // namespace winnow
