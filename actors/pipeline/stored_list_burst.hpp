#pragma once

#include "actors/interfaces.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <utility>
#include <vector>

namespace winnow {

/// Gathers which lists requests had stored, and tells the poller of a burst at once. A request may have begun
/// with a profile that has changed since, and store its list over the newer one: the poller sees to it.
class stored_list_burst {
public:
  explicit stored_list_burst(recommender_actor::pointer self) : self_(self) {}

  void note(stored_list stored) {
    if (gathered_.empty())
      self_->send(self_, stored_atom_v);
    gathered_.push_back(std::move(stored));
  }

  /// To be called upon the message that `note` sends to the recommender itself, behind the burst.
  void tell(const profile_poller_actor& poller) {
    if (gathered_.empty() || !poller)
      return;
    self_->send(poller, stored_atom_v,
                std::make_shared<const std::vector<stored_list>>(std::exchange(gathered_, {})));
  }

private:
  recommender_actor::pointer self_;
  std::vector<stored_list> gathered_;
};

} // namespace winnow
