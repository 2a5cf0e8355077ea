#include "models/online/list_values.hpp"

namespace winnow {

std::vector<std::string> watched_values(const model_set& models) {
  std::vector<std::string> names{"score"};
  for (const auto feature : models.stage_features)
    names.emplace_back(to_string(feature));
  return names;
}

void append_values(const model_set& models, const user_context& user, const ranked_list* by_din,
                   const ranked_list* by_ranknet, stage_feature_scratch& work,
                   std::vector<std::vector<float>>& values) {
  values.resize(1 + models.stage_features.size());
  if (by_ranknet != nullptr)
    for (const auto& entry : by_ranknet->items)
      values.front().push_back(entry.score);
  const auto width = models.stage_features.size();
  if (by_din == nullptr || width == 0)
    return;
  work.rows.resize(by_din->items.size() * width);
  write_stage_features(models, user, by_din->items, by_din->evidence, work, work.rows);
  for (std::size_t row = 0; row < by_din->items.size(); ++row)
    for (std::size_t k = 0; k < width; ++k)
      values[1 + k].push_back(work.rows[row * width + k]);
}

} // namespace winnow
