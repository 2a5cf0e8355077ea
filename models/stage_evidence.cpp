#include "models/stage_evidence.hpp"

#include "models/cascade.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

/// Computes the mean unit embedding of the last `count` known history items; zeros if none is known.
void mean_of_units(const model_set& models, gsl::span<const std::uint32_t> history, std::size_t count,
                   std::vector<float>& mean) {
  mean.assign(models.item_embeddings.width(), 0.0f);
  std::size_t known = 0;
  for (auto item = history.rbegin(); item != history.rend() && known < count; ++item)
    if (*item != unknown_item) {
      models.item_embeddings.add_scaled_row(*item, models.inverse_norm(*item), mean);
      ++known;
    }
  const float share = known == 0 ? 0.0f : 1.0f / static_cast<float>(known);
  for (auto& value : mean)
    value *= share;
}

/// Computes the sum of the known history's unit embeddings with fading weights, newest first, of unit length;
/// zeros if none is known.
void fading_sum(const model_set& models, gsl::span<const std::uint32_t> history, std::vector<float>& sum) {
  constexpr float decay = 0.7f;
  constexpr float least = 1e-3f; // older items add nothing that would show
  sum.assign(models.item_embeddings.width(), 0.0f);
  float weight = 1;
  for (auto item = history.rbegin(); item != history.rend() && weight > least; ++item)
    if (*item != unknown_item) {
      models.item_embeddings.add_scaled_row(*item, models.inverse_norm(*item) * weight, sum);
      weight *= decay;
    }
  double squares = 0;
  for (const double value : sum)
    squares += value * value;
  if (squares > 0)
    for (auto& value : sum)
      value = static_cast<float>(value / std::sqrt(squares));
}

float rank_feature(std::uint32_t rank) {
  return rank == no_rank ? 0.0f : 1.0f / std::log2(static_cast<float>(rank) + 2.0f);
}

/// The logarithm of a share of the best.
float log_share(float share) {
  constexpr float least = -8;
  return share > 0 ? std::max(std::log(share), least) : least;
}

float cosine(const model_set& models, std::uint32_t item, gsl::span<const float> mean) {
  return models.item_embeddings.dot(item, mean) * models.inverse_norm(item);
}

} // namespace

score_scale scale_of(gsl::span<const scored_item> candidates) {
  const auto count = static_cast<double>(std::max<std::size_t>(candidates.size(), 1));
  double sum = 0;
  for (const auto& entry : candidates)
    sum += entry.score;
  score_scale scale;
  scale.mean = sum / count;
  double squares = 0;
  for (const auto& entry : candidates)
    squares += (entry.score - scale.mean) * (entry.score - scale.mean);
  scale.deviation = std::sqrt(squares / count);
  return scale;
}

std::vector<candidate_evidence> evidence_of_candidates(gsl::span<const scored_item> candidates) {
  const auto scale = scale_of(candidates);
  std::vector<candidate_evidence> evidence;
  evidence.reserve(candidates.size());
  for (const auto& entry : candidates)
    evidence.push_back({scale.standard(entry.score), 0.0f, static_cast<std::uint32_t>(evidence.size()), 0.0f,
                        no_rank, 0.0f});
  return evidence;
}

float fused_rank(const candidate_evidence& evidence, float transition_weight) noexcept {
  const auto share = [](std::uint32_t rank) {
    constexpr float damping = 60; // the authors' constant
    return rank == no_rank ? 0.0f : damping / (damping + static_cast<float>(rank));
  };
  return (share(evidence.recall_rank) + transition_weight * share(evidence.transition_rank)) /
         (1 + transition_weight);
}

float order_score(const candidate_evidence& evidence, float logit, float transition_weight,
                  const din_order_weights& weights) noexcept {
  return logit + weights.rank * fused_rank(evidence, transition_weight) +
         weights.transition_score * log_share(evidence.transition_score);
}

float trend_of(float recent, float taken) noexcept {
  return std::log1p(recent) - std::log1p(taken);
}

std::vector<float> inverse_norms(const embedding_table& table) {
  std::vector<float> norms(table.rows());
  for (std::size_t i = 0; i < norms.size(); ++i) {
    double squares = 0;
    for (const double value : table.row(i))
      squares += value * value;
    norms[i] = squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0.0f;
  }
  return norms;
}

result<void> prepare_stage_features(const std::filesystem::path& description, model_set& models) {
  const auto& needed = models.stage_features;
  const auto wants = [&](stage_feature feature) {
    return std::find(needed.begin(), needed.end(), feature) != needed.end();
  };
  const auto refuse = [&](stage_feature feature, const char* why) {
    return fail(fault::not_found, description.string() + ": ranknet.columns: " +
                                      std::string(to_string(feature)) + " needs " + why);
  };
  for (const auto feature : {stage_feature::log_popularity, stage_feature::last_popularity})
    if (wants(feature) && !models.item_counts)
      return refuse(feature, "counts: expected lightgcn_data.csv or popularity.csv beside it, got neither");
  if (wants(stage_feature::popularity_trend) && !models.recent_counts)
    return refuse(stage_feature::popularity_trend, "\"recent_counts\", got none");
  for (const auto feature : {stage_feature::transition_score, stage_feature::transition_rank,
                             stage_feature::transition_log_score, stage_feature::last_transition})
    if (wants(feature) && !models.transitions)
      return refuse(feature, "\"transitions\", got none");
  if (wants(stage_feature::history_cosine) || wants(stage_feature::recent_cosine) ||
      wants(stage_feature::fading_cosine) || wants(stage_feature::last_cosine))
    models.inverse_norms = std::make_shared<const std::vector<float>>(inverse_norms(models.item_embeddings));
  return {};
}

namespace {

/// What stage features need of the known items of a history.
struct known_history {
  std::size_t count = 0;
  std::uint32_t last = unknown_item;
};

known_history known_items_of(gsl::span<const std::uint32_t> history) {
  known_history known;
  for (const auto item : history)
    if (item != unknown_item) {
      ++known.count;
      known.last = item;
    }
  return known;
}

} // namespace

void write_stage_features(const model_set& models, const user_context& user,
                          gsl::span<const scored_item> candidates,
                          gsl::span<const candidate_evidence> evidence, stage_feature_scratch& work,
                          gsl::span<float> out) {
  const auto& features = models.stage_features;
  const auto wants = [&](stage_feature feature) {
    return std::find(features.begin(), features.end(), feature) != features.end();
  };
  if (wants(stage_feature::history_cosine))
    mean_of_units(models, user.history, user.history.size(), work.history);
  if (wants(stage_feature::recent_cosine))
    mean_of_units(models, user.history, recent_items, work.recent);
  if (wants(stage_feature::fading_cosine))
    fading_sum(models, user.history, work.fading);
  known_history known;
  if (wants(stage_feature::last_popularity) || wants(stage_feature::history_length))
    known = known_items_of(user.history);
  if (wants(stage_feature::last_cosine))
    mean_of_units(models, user.history, 1, work.last);
  const auto value = [&](stage_feature feature, std::uint32_t item, const candidate_evidence* found) {
    switch (feature) {
    case stage_feature::lightgcn_score:
      return found != nullptr ? found->lightgcn_score : 0.0f;
    case stage_feature::din_logit:
      return found != nullptr ? found->din_logit : 0.0f;
    case stage_feature::log_popularity:
      return std::log1p(models.taken(item));
    case stage_feature::history_cosine:
      return cosine(models, item, work.history);
    case stage_feature::recent_cosine:
      return cosine(models, item, work.recent);
    case stage_feature::recall_rank:
      return found != nullptr ? rank_feature(found->recall_rank) : 0.0f;
    case stage_feature::transition_score:
      return found != nullptr ? found->transition_score : 0.0f;
    case stage_feature::transition_rank:
      return found != nullptr ? rank_feature(found->transition_rank) : 0.0f;
    case stage_feature::fading_cosine:
      return cosine(models, item, work.fading);
    case stage_feature::transition_log_score:
      return log_share(found != nullptr ? found->transition_score : 0.0f);
    case stage_feature::last_transition:
      return log_share(found != nullptr ? found->last_transition : 0.0f);
    case stage_feature::popularity_trend:
      return trend_of(models.taken_recently(item), models.taken(item));
    case stage_feature::din_rank:
      return found != nullptr ? rank_feature(static_cast<std::uint32_t>(found - evidence.data())) : 0.0f;
    case stage_feature::last_cosine:
      return cosine(models, item, work.last);
    case stage_feature::last_popularity:
      return known.count > 0 ? std::log1p(models.taken(known.last)) : 0.0f;
    case stage_feature::history_length:
      return std::log1p(static_cast<float>(known.count));
    }
    return 0.0f;
  };
  auto at = out.begin();
  for (std::size_t i = 0; i < candidates.size(); ++i)
    for (const auto feature : features)
      *at++ = value(feature, candidates[i].item, evidence.empty() ? nullptr : &evidence[i]);
}

} // namespace winnow
