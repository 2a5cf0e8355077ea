#pragma once

#include "models/recall/scored_item.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

namespace winnow {

/// How the candidates of a list were found.
enum class list_source {
  personalised, ///< The user has an embedding: by it, or folded in from it and the history.
  history_mean, ///< No embedding: by the known history items, folded in if the models can, else by their
                ///< mean.
  popular,      ///< Nothing is known about the user: the most popular items, without scores.
};

std::string_view to_string(list_source source) noexcept;

/// The rank of an item that a source of candidates did not find.
inline constexpr std::uint32_t no_rank = std::numeric_limits<std::uint32_t>::max();

/// Results of the stages before RankNet for one candidate.
struct candidate_evidence {
  float lightgcn_score = 0; ///< `stage_feature::lightgcn_score`.
  float din_logit = 0;      ///< `stage_feature::din_logit`.
  std::uint32_t recall_rank =
      0;                      ///< Position in LightGCN's order, from 0; `no_rank` if it is not in its list.
  float transition_score = 0; ///< Relative to the best of the transitions' list.
  std::uint32_t transition_rank = no_rank; ///< Position in the transitions' order, from 0.
  /// The transitions' score from the last known item of the history alone, relative to the best.
  float last_transition = 0;
};

/// What the candidates' evidence adds to a logit in DIN's order, see `order_score`.
struct din_order_weights {
  float rank = 0;             ///< Of `fused_rank`.
  float transition_score = 0; ///< Of the logarithm of the transitions' score.

  bool are_zero() const noexcept { return rank == 0 && transition_score == 0; }
};

/// A stage's result for one request: items, best first.
struct ranked_list {
  list_source source = list_source::personalised;
  std::vector<scored_item> items;
  /// One entry per item if RankNet uses stage features, else empty.
  std::vector<candidate_evidence> evidence = {};
};

/// The names of the sources that found a candidate: `lightgcn`, `transitions` or both.
std::vector<std::string_view> sources_of(const candidate_evidence& evidence);

/// DIN's logit of the item at `place` of its list. The item's score there may count the order of the
/// candidates, too.
inline float din_logit_at(const ranked_list& by_din, std::size_t place) {
  return by_din.evidence.empty() ? by_din.items[place].score : by_din.evidence[place].din_logit;
}

/// The first `count` items of a list: what stands in for the list of a stage that did not answer. The same
/// list if it is no longer than that.
std::shared_ptr<const ranked_list> first_of(const std::shared_ptr<const ranked_list>& list,
                                            std::size_t count);

} // namespace winnow
