#pragma once

#include "actors/interfaces.hpp"
#include "actors/status/actor_record.hpp"

#include <mutex>
#include <vector>

namespace winnow {

/// Every place for an actor, with its record and, while somebody fills it, that actor's handle. The
/// supervisor enters its children and the dispatchers their workers, so the tree can be drawn whoever of
/// them hangs or is dead. Thread-safe.
class actor_tree {
public:
  struct place {
    actor_record_ptr record;
    status_actor actor; ///< Null: nobody is there.
  };

  /// A new place below `parent`; 0: at the top.
  actor_record_ptr add(std::string name, std::uint64_t parent,
                       actor_record::kind what = actor_record::kind::actor);
  void remove(const actor_record& gone);

  /// An actor took the place.
  void started(actor_record& record, status_actor actor);

  /// The actor in the place died and will be followed by another.
  void died(actor_record& record, std::string reason);

  /// In the order of the tree: each behind its parent, siblings in the order in which they came.
  std::vector<place> places() const;

  /// The actor with this name; null where nobody has it or its place is empty.
  status_actor find(std::string_view name) const;

  /// Lets go of all handles and takes no more: none may outlive its actor system.
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
