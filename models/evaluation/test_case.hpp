#pragma once

#include "models/cascade.hpp"
#include "models/training/interactions/interaction_split.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// The evaluation of one user of a split: the test items are to be found from the user's earlier items. All
/// items are catalogue indices.
struct test_case {
  user_context user;
  std::vector<std::uint32_t> wanted; ///< Test items in the catalogue; ascending, each once.
  /// One negative per wanted item: an item that the user neither had before nor in the test. Empty if the
  /// catalogue has no such item.
  std::vector<std::uint32_t> negatives;
  std::size_t wanted_count = 0; ///< Test items, including those that the catalogue lacks.
};

/// Returns one case for each user with test items, in the split's order, or for `most` of them at equal
/// distances. The negatives of a user depend only on the seed and the user.
std::vector<test_case> test_cases(const model_set& models, const interaction_split& split, std::uint64_t seed,
                                  std::size_t most);

/// The case's test items and negatives as if they were candidates of its request. An item outside
/// `candidates` gets the rank that its score would have there.
ranked_list probes_of(const model_set& models, const test_case& one, const ranked_list& candidates);

/// Each user's training items that are in the catalogue.
item_lists known_training_items(const model_set& models, const interaction_split& split);

} // namespace winnow
