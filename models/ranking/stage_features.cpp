#include "models/ranking/stage_features.hpp"

namespace winnow {

std::string_view to_string(stage_feature feature) noexcept {
  switch (feature) {
  case stage_feature::lightgcn_score:
    return "lightgcn_score";
  case stage_feature::din_logit:
    return "din_logit";
  case stage_feature::log_popularity:
    return "log_popularity";
  case stage_feature::history_cosine:
    return "history_cosine";
  case stage_feature::recent_cosine:
    return "recent_cosine";
  case stage_feature::recall_rank:
    return "recall_rank";
  case stage_feature::transition_score:
    return "transition_score";
  case stage_feature::transition_rank:
    return "transition_rank";
  case stage_feature::fading_cosine:
    return "fading_cosine";
  case stage_feature::transition_log_score:
    return "transition_log_score";
  case stage_feature::last_transition:
    return "last_transition";
  case stage_feature::popularity_trend:
    return "popularity_trend";
  case stage_feature::din_rank:
    return "din_rank";
  case stage_feature::last_cosine:
    return "last_cosine";
  case stage_feature::last_popularity:
    return "last_popularity";
  case stage_feature::history_length:
    return "history_length";
  }
  return "unknown";
}

std::optional<stage_feature> stage_feature_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < stage_feature_count; ++i)
    if (const auto feature = static_cast<stage_feature>(i); to_string(feature) == name)
      return feature;
  return std::nullopt;
}

} // namespace winnow
