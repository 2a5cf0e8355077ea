#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

/// What RankNet may be told of a candidate beside its item's columns: what the stages before it said of it.
enum class stage_feature {
  lightgcn_score, ///< Candidate generation's score, less the mean and over the deviation of the request's
                  ///< candidates.
  din_logit,      ///< DIN's logit; 0 where DIN was left out.
  log_popularity, ///< ln(1 + how often the item was taken).
  history_cosine, ///< Mean cosine of the item's embedding to those of the known history.
  recent_cosine,  ///< The same to the last three known items of the history.
  recall_rank,    ///< 1 / log2(rank + 2), the rank of candidate generation counted from 0.
};

inline constexpr std::size_t stage_feature_count = 6;

std::string_view to_string(stage_feature feature) noexcept;
std::optional<stage_feature> stage_feature_named(std::string_view name) noexcept;

} // namespace winnow
