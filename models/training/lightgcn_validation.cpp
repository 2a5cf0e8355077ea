#include "models/training/lightgcn_validation.hpp"

#include "models/training/measured_lists.hpp"

#include <cstdio>

namespace winnow {

double validation_recall(const embedding_rows& embeddings, const interaction_split& data,
                         const lightgcn_fit_options& options, thread_team& team) {
  constexpr std::size_t enough_users = 25'000;
  return measure_lists(embeddings, data.valid, {&data.train}, options.recall_at, team, enough_users).recall;
}

std::string in_digits(const std::string& name, double value) {
  char text[32];
  std::snprintf(text, sizeof text, " %.4f", value);
  return name + text;
}

} // namespace winnow
