#pragma once

#include "config/error.hpp"
#include "models/ranked_list.hpp"
#include "models/ranking/stage_features.hpp"

#include <cstdint>
#include <filesystem>
#include <gsl/span>
#include <vector>

namespace winnow {

class embedding_table;

struct model_set;
struct user_context;

/// Standardises scores, so that those of different requests are comparable: subtracts the mean of the
/// request's candidates and divides by their population standard deviation; zero if the deviation is zero.
/// Computed in double precision.
struct score_scale {
  double mean = 0;
  double deviation = 0;

  float standard(float score) const noexcept {
    return deviation > 0 ? static_cast<float>((score - mean) / deviation) : 0.0f;
  }
};

score_scale scale_of(gsl::span<const scored_item> candidates);

/// Returns the evidence of candidate generation: ranks and standardised scores.
std::vector<candidate_evidence> evidence_of_candidates(gsl::span<const scored_item> candidates);

/// How high an item is in both sources of candidates, from 0 to 1: reciprocal rank fusion (Cormack et al.
/// 2009).
/// @param transition_weight What a place in the transitions' list counts, relative to one in LightGCN's.
float fused_rank(const candidate_evidence& evidence, float transition_weight) noexcept;

/// By what DIN orders a candidate: its logit, and what candidate generation knows of it.
float order_score(const candidate_evidence& evidence, float logit, float transition_weight,
                  const din_order_weights& weights) noexcept;

/// Returns 1 / |row| for each row; 0 for a row of zeros, so that its cosine to everything is 0.
std::vector<float> inverse_norms(const embedding_table& table);

/// `stage_feature::popularity_trend`. @param recent, taken How often the item was taken lately and at all.
float trend_of(float recent, float taken) noexcept;

/// Computes the item data that the model set's stage features need.
/// @param description The `model.json` that names them, for messages.
/// @return `not_found` if the model set lacks something that a feature needs.
result<void> prepare_stage_features(const std::filesystem::path& description, model_set& models);

/// Buffers of one thread that computes stage features.
struct stage_feature_scratch {
  std::vector<float> history, recent; ///< Mean unit embeddings of the history and of its last items.
  std::vector<float> last;            ///< The unit embedding of the last known item.
  std::vector<float> fading;          ///< Their sum with fading weights, of unit length.
  std::vector<float> rows;            ///< Stage features of all candidates of a batch.
};

/// How many of the last known items `stage_feature::recent_cosine` uses.
inline constexpr std::size_t recent_items = 3;

/// Writes the stage features that the model set's RankNet uses, in its order, one row per candidate.
/// @param evidence One entry per candidate, or empty.
/// @param out `candidates.size()` rows.
void write_stage_features(const model_set& models, const user_context& user,
                          gsl::span<const scored_item> candidates,
                          gsl::span<const candidate_evidence> evidence, stage_feature_scratch& work,
                          gsl::span<float> out);

} // namespace winnow
