#pragma once

#include "models/recall/scored_item.hpp"
#include "models/transitions/learned_transitions.hpp"

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// For each item, which items follow it in users' histories and how much: a list of successors per item, in
/// one piece of memory.
struct transition_counts {
  std::vector<std::uint64_t> ends = {0}; ///< The successors of item i end before `ends[i + 1]`.
  std::vector<scored_item> successors;   ///< Heaviest first; equal weights by index.

  std::size_t items() const noexcept { return ends.size() - 1; }
  gsl::span<const scored_item> after(std::uint32_t item) const noexcept {
    return {successors.data() + ends[item], static_cast<std::size_t>(ends[item + 1] - ends[item])};
  }
};

/// How the transitions from a history add up to the score of an item.
struct transition_scoring {
  double history_decay = 0.6;      ///< Per step back in the history.
  std::size_t history_length = 20; ///< The most recent items that count.
  double popularity_exponent = 0.25;
};

/// Buffers of one thread that scores by transitions. Items that are not `touched` have the score 0.
struct transition_scratch {
  std::vector<float> scores;          ///< By item.
  std::vector<std::uint32_t> touched; ///< Items with a score, in no order.
};

/// Scores items by what follows the user's most recent items: a first-order Markov chain over items (as in
/// Rendle et al. 2010, FPMC, without factorisation) with skips, summed over the history with decaying
/// weights. The score of item c is
///
///     Σ_j history_decay^j · W[h_j→c] / ((n(h_j) + 1)^e · (n(c) + 1)^e)
///
/// over the most recent known items h_0, h_1, … of the history, newest first, where n counts how often an
/// item was taken and e is the popularity exponent. Immutable; any thread may score with its own scratch.
class transition_table {
public:
  /// @param taken How often each item was taken; one entry per item of `counts`.
  transition_table(transition_counts counts, gsl::span<const std::uint64_t> taken,
                   const transition_scoring& scoring);

  std::size_t items() const noexcept { return weights_.items(); }
  std::size_t transitions() const noexcept { return weights_.successors.size(); }
  const transition_scoring& scoring() const noexcept { return scoring_; }

  /// How an item's popularity damps the weight of each of its transitions.
  float damping(std::uint32_t item) const noexcept { return damping_[item]; }

  /// The successors of an item, with weights that are normalised by popularity.
  gsl::span<const scored_item> after(std::uint32_t item) const noexcept { return weights_.after(item); }

  /// Scores all items that follow one of the history's. @param history Oldest first, with `unknown_item` for
  /// unknown items, which are skipped.
  /// @param learned What was learned since the training; null if nothing was.
  void score(gsl::span<const std::uint32_t> history, transition_scratch& work,
             const learned_transitions* learned = nullptr) const;

  /// The `count` best of the scored items that are not excluded; their scores stay in `work`, those of the
  /// excluded items do not.
  static std::vector<scored_item> best(gsl::span<const std::uint32_t> excluded, std::size_t count,
                                       transition_scratch& work);

private:
  transition_counts weights_;  ///< Normalised by popularity.
  std::vector<float> damping_; ///< By item.
  transition_scoring scoring_;
};

} // namespace winnow
