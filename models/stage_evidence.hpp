#pragma once

#include "models/ranking/stage_features.hpp"
#include "models/recall/top_k.hpp"

#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

class embedding_table;

struct model_set;
struct user_context;

/// What the stages before RankNet said of one candidate.
struct candidate_evidence {
  float lightgcn_score = 0;      ///< `stage_feature::lightgcn_score`.
  float din_logit = 0;           ///< `stage_feature::din_logit`.
  std::uint32_t recall_rank = 0; ///< From 0, in the order of candidate generation.
};

/// What makes the scores of different requests comparable: a score less the mean of the request's candidates
/// and over their deviation (that of the whole population; where there is none, zero). In double precision.
struct score_scale {
  double mean = 0;
  double deviation = 0;

  float standard(float score) const noexcept {
    return deviation > 0 ? static_cast<float>((score - mean) / deviation) : 0.0f;
  }
};

score_scale scale_of(gsl::span<const scored_item> candidates);

/// The evidence of candidate generation: ranks and standardised scores.
std::vector<candidate_evidence> evidence_of_candidates(gsl::span<const scored_item> candidates);

/// 1 / |row| of each row; 0 for a row of zeros, whose cosine to everything is then 0.
std::vector<float> inverse_norms(const embedding_table& table);

/// Buffers for one thread that computes stage features.
struct stage_feature_scratch {
  std::vector<float> history, recent; ///< Mean unit embedding of the history, and of its last items.
  std::vector<float> rows;            ///< Of all candidates of a batch.
};

/// How many of the last known items `stage_feature::recent_cosine` looks at.
inline constexpr std::size_t recent_items = 3;

/// Writes the stage features that the model set's RankNet asks for, in its order: one row a candidate.
/// @param evidence One a candidate, or none.
/// @param out `candidates.size()` rows.
void write_stage_features(const model_set& models, const user_context& user,
                          gsl::span<const scored_item> candidates,
                          gsl::span<const candidate_evidence> evidence, stage_feature_scratch& work,
                          gsl::span<float> out);

} // namespace winnow
