#pragma once

#include "models/cascade.hpp"
#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"

#include <vector>

namespace winnow {

/// The context of a user with this history, as serving would build it.
user_context context_of(std::uint32_t user, gsl::span<const std::uint32_t> history);

/// The candidates of each of `users`, generated from the user's training items as serving does.
std::vector<ranked_list> candidates_for(const model_set& models, const item_lists& train,
                                        gsl::span<const std::uint32_t> users, std::size_t count,
                                        thread_team& team);

/// The users with both training and validation items, in ascending order.
std::vector<std::uint32_t> validated_users(const item_lists& train, const item_lists& valid);

} // namespace winnow
