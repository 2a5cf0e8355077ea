#pragma once

#include "models/cascade.hpp"

namespace winnow {

/// Generates the candidates of a user whose wishes narrow the catalogue: like `generate_candidates`, but only
/// items that the wishes allow, so that the list is as long as if no other items existed. If few items are
/// allowed, it scores them all; else it searches for more and more items until enough of them are allowed.
ranked_list narrowed_candidates(const model_set& models, const user_context& user, std::size_t count,
                                cascade_scratch& work);

} // namespace winnow
