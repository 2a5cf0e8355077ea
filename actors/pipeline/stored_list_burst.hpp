#pragma once

#include "actors/pipeline/recommender_self.hpp"
#include "actors/runtime/burst_signal.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <utility>
#include <vector>

namespace winnow {

/// Gathers which lists requests had stored, and tells the poller of a burst at once. A request may have begun
/// with a profile that has changed since, and store its list over the newer one: the poller sees to it.
class stored_list_burst {
public:
  explicit stored_list_burst(recommender_self::pointer self) : self_(self), report_(self) {}

  void note(stored_list stored) {
    report_.raise();
    gathered_.push_back(std::move(stored));
  }

  /// To be called upon the message that `note` sends to the recommender itself, behind the burst.
  void report(const profile_poller_actor& poller) {
    report_.received();
    if (gathered_.empty() || !poller)
      return;
    self_->send(poller, stored_atom_v,
                std::make_shared<const std::vector<stored_list>>(std::exchange(gathered_, {})));
  }

private:
  recommender_self::pointer self_;
  burst_signal<recommender_self, stored_atom> report_;
  std::vector<stored_list> gathered_;
};

} // namespace winnow
