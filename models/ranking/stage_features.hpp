#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

/// What RankNet can use of a candidate besides its item's columns: results of the stages before it.
enum class stage_feature {
  lightgcn_score,   ///< Candidate generation's score, standardised over the request's candidates.
  din_logit,        ///< DIN's logit; 0 if DIN was left out.
  log_popularity,   ///< ln(1 + number of times the item was taken).
  history_cosine,   ///< Mean cosine of the item's embedding to those of the known history items.
  recent_cosine,    ///< The same for the last three known items of the history.
  recall_rank,      ///< 1 / log2(rank + 2), with the rank of candidate generation counted from 0.
  transition_score, ///< The transitions' score, relative to that of their best candidate.
  transition_rank,  ///< 1 / log2(rank + 2), with the rank in the transitions' list from 0; 0 outside of it.
  fading_cosine,    ///< Cosine to the sum of the known history's unit embeddings, each weighted 0.7 times the
                    ///< next.
  transition_log_score, ///< ln of `transition_score`, at least -8.
  last_transition,      ///< The same for the transitions from the last known item of the history alone.
  popularity_trend, ///< ln((recent + 1) / (taken + 1)); recent is how often the item was taken lately, see
                    ///< `fading_counts`, and taken how often at all.
  din_rank,         ///< 1 / log2(rank + 2), with the rank in the list that RankNet gets from 0.
  last_cosine,      ///< Cosine of the item's embedding to that of the last known item of the history.
  last_popularity,  ///< ln(1 + number of times the last known item of the history was taken): how much its
                    ///< transitions say.
  history_length,   ///< ln(1 + number of known items of the history).
};

inline constexpr std::size_t stage_feature_count = 16;

std::string_view to_string(stage_feature feature) noexcept;
std::optional<stage_feature> stage_feature_named(std::string_view name) noexcept;

} // namespace winnow
