#pragma once

#include "actors/pipeline/recommender_self.hpp"
#include "actors/runtime/burst_signal.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <utility>
#include <vector>

namespace winnow {

/// Gathers the lists that requests stored during a burst of messages and reports them to the poller in one
/// message. A request may store the list of an outdated profile over a newer list; the poller detects that
/// and recomputes the list.
class stored_list_burst {
public:
  explicit stored_list_burst(recommender_self::pointer self) : self_(self), report_(self) {}

  void note(stored_list stored) {
    report_.raise();
    gathered_.push_back(std::move(stored));
  }

  /// Sends the report. Called on the message that `note` sends to the recommender itself, after the burst.
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
