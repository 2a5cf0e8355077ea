#pragma once

#include "actors/interfaces.hpp"
#include "actors/status/actor_record.hpp"

#include <mutex>
#include <vector>

namespace winnow {

/// All places for actors, each with its record and, while an actor runs there, the actor's handle. The
/// supervisor adds its children and the dispatchers add their workers, so the tree can be drawn even if some
/// of these actors hang or are dead. Thread-safe.
class actor_tree {
public:
  struct place {
    actor_record_ptr record;
    status_actor actor; ///< Null if no actor runs in this place.
  };

  /// Adds a place below `parent`; 0 adds a root.
  actor_record_ptr add(std::string name, std::uint64_t parent,
                       actor_record::kind what = actor_record::kind::actor);
  void remove(const actor_record& gone);

  /// Reports that `actor` now runs in the place of `record`.
  void started(actor_record& record, status_actor actor);

  /// Reports that the actor in this place died and will be replaced.
  void died(actor_record& record, std::string reason);

  /// Returns the places in tree order: each after its parent, siblings in the order in which they were added.
  std::vector<place> places() const;

  /// Returns the actor with this name; null if there is no such place or it is empty.
  status_actor find(std::string_view name) const;

  /// Releases all handles and accepts no more, because no handle may outlive its actor system.
  void close();

private:
  place* find(const actor_record& record);
  void append(std::vector<place>& ordered, std::uint64_t parent) const;

  mutable std::mutex mutex_;
  std::vector<place> places_;
  std::uint64_t last_id_ = 0;
  bool closed_ = false;
};

} // namespace winnow
