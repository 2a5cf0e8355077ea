#pragma once

#include "models/cascade.hpp"

#include <string>
#include <vector>

namespace winnow {

/// The names of the numbers that are watched for drift: `score`, RankNet's of the items on the list, and each
/// stage feature of the candidates that DIN kept.
std::vector<std::string> watched_values(const model_set& models);

/// Appends the numbers of one list. @param values By name, in the order of `watched_values`.
/// @param by_din The list that RankNet ranked; null: no features. @param by_ranknet Its list; null: no
/// scores.
void append_values(const model_set& models, const user_context& user, const ranked_list* by_din,
                   const ranked_list* by_ranknet, stage_feature_scratch& work,
                   std::vector<std::vector<float>>& values);

} // namespace winnow
