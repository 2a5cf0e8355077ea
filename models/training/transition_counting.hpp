#pragma once

#include "models/training/interactions/interactions.hpp"
#include "models/training/support/thread_team.hpp"
#include "models/transitions/transition_rules.hpp"
#include "models/transitions/transition_table.hpp"

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// Counts transitions of the same histories by different rules. No result depends on the number of threads.
class transition_counter {
public:
  /// @param histories Of each user, oldest first; items below `item_count`.
  transition_counter(const item_lists& histories, std::size_t item_count);

  transition_counts count(const transition_rules& rules, thread_team& team) const;

  /// Counts by several rules, which differ in their decays only, in little more time than by one. The sums
  /// are those of single precision.
  /// @param wanted For each item whether its successors are needed; empty if all are.
  std::vector<transition_counts> count(gsl::span<const transition_rules> rules,
                                       const std::vector<bool>& wanted, thread_team& team) const;

private:
  template<class Number, std::size_t Lanes>
  std::vector<transition_counts> count_by(gsl::span<const transition_rules> rules,
                                          const std::vector<bool>& wanted, thread_team& team) const;

  std::vector<std::uint32_t> sequence_; ///< All histories, with the number of items before and after each.
  std::vector<std::uint64_t> ends_;     ///< The places of item i end before `ends_[i + 1]`.
  std::vector<std::uint64_t> places_;   ///< Where each item is in the sequence, item by item.
};

/// Counts once. Memory: the result twice, three times the histories, and one row of sums per thread.
transition_counts count_transitions(const item_lists& histories, std::size_t item_count,
                                    const transition_rules& rules, thread_team& team);

} // namespace winnow
