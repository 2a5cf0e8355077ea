#pragma once

#include "models/cascade.hpp"
#include "models/training/interactions/interaction_split.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// What is asked of the models for one user of a split: his test items, from what he had before. All items
/// are indices of the catalogue.
struct test_case {
  user_context user;
  std::vector<std::uint32_t> wanted; ///< The test items that the catalogue knows; rising, each once.
  std::vector<std::uint32_t>
      negatives;                ///< As many, in no list of the user; fewer where the catalogue has no more.
  std::size_t wanted_count = 0; ///< With those that the catalogue lacks.
};

/// One case for each user with test items, in the split's order. Negatives depend on the seed and the user
/// alone.
std::vector<test_case> test_cases(const model_set& models, const interaction_split& split,
                                  std::uint64_t seed);

/// The case's test items and negatives as if they were candidates of its request. An item outside
/// `candidates` gets the rank that its score would have there.
ranked_list probes_of(const model_set& models, const test_case& one, const ranked_list& candidates);

/// Each user's training items that the catalogue knows.
item_lists known_training_items(const model_set& models, const interaction_split& split);

} // namespace winnow
