#pragma once

#include "models/evaluation/baselines.hpp"
#include "models/evaluation/ranking_quality.hpp"
#include "models/evaluation/test_case.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace winnow {

/// The lists and scores of one ranking, for all test cases.
struct ranking_outcome {
  std::string name;
  /// `longest` items a case; `unknown_item` fills up shorter lists.
  std::vector<std::uint32_t> lists;
  /// One score a test item, starting at the offset of its case.
  std::vector<float> positives, negatives;
};

/// Quality of all lists of a ranking, cut after `k`.
/// @param users Number of users that `simple` counts takers of, for the novelty.
/// @param longest Length of each list in `of`.
list_quality quality_of_lists(const ranking_outcome& of, const std::vector<test_case>& cases,
                              const baselines& simple, std::size_t users, std::size_t longest, std::size_t k);

/// @param offsets First score of each case.
/// @return nullopt if there are no scores.
std::optional<score_quality> quality_of_scores(const ranking_outcome& of,
                                               const std::vector<std::size_t>& offsets);

} // namespace winnow
