#pragma once

#include "actors/interfaces.hpp"
#include "models/cascade.hpp"
#include "models/online/taken_watch.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <optional>
#include <string>

namespace winnow {

/// A long profile, and what is to be looked up for it.
struct long_profile {
  std::shared_ptr<const std::string> text; ///< As stored. Null: `items` are known.
  std::shared_ptr<const profile> items;    ///< Null if `text` is not.
  std::string user_id;
  model_set_ptr models;
  std::shared_ptr<const taken_watch> taken; ///< Null: what the user takes is not watched.
  std::string placement;                    ///< See `taken_watch::look`.
};

/// What was found out about a long profile.
struct looked_up_profile {
  std::optional<profile_source> source; ///< nullopt if the items were known.
  std::shared_ptr<const profile> items;
  std::size_t left_out = 0; ///< Older items, beyond the limit.
  user_context user;
  std::optional<taken_watch::sighting> seen; ///< nullopt if it is not watched.
};

/// Parses a profile if it must be, and looks its user and items up. Fails if it is no profile.
result<looked_up_profile> look_up(const long_profile& asked);

/// Works on long profiles in the place of the recommender, one after the other, so that other requests do not
/// wait for them.
using profile_reader_actor =
    caf::typed_actor<caf::replies_to<resolve_atom, long_profile_ptr>::with<looked_up_ptr>>;

/// @param has_thread Whether the actor has a thread of its own, which then yields to all others.
/// @note Takes 0.2 s for a million items. The spawner passes `caf::detached`.
profile_reader_actor::behavior_type profile_reader(profile_reader_actor::pointer self, bool has_thread);

} // namespace winnow
