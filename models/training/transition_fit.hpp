#pragma once

#include "models/training/interactions/interaction_split.hpp"
#include "models/training/support/thread_team.hpp"
#include "models/training/training_observer.hpp"
#include "models/training/transition_counting.hpp"

#include <optional>

namespace winnow {

struct transition_fit_options {
  bool searches = true;                      ///< False: counts by `rules` at once.
  transition_rules rules;                    ///< Where the search begins.
  transition_scoring scoring;                ///< The same.
  std::size_t list_length = 20;              ///< The validation items' NDCG in lists of this length decides.
  std::size_t most_users = 5'000;            ///< Looked at in the search.
  std::size_t most_interactions = 2'000'000; ///< The search counts whole histories up to about this many.
};

struct transition_result {
  transition_counts counts;
  transition_rules rules;
  transition_scoring scoring;
  double best_ndcg = 0; ///< Of the validation items that were looked at; 0 if there are none.
};

/// Counts transitions between the training items. If there are validation items, first chooses decays, reach
/// and exponent by their NDCG, one setting after the other.
/// @return nullopt if the observer stopped it.
std::optional<transition_result> fit_transitions(const interaction_split& data,
                                                 const transition_fit_options& options, thread_team& team,
                                                 training_observer& observer);

/// How often each item was taken.
std::vector<std::uint64_t> taken_counts(const item_lists& lists, std::size_t item_count);

} // namespace winnow
