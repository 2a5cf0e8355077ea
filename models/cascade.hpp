#pragma once

#include "models/model_set.hpp"
#include "models/recall/approximate_index.hpp"
#include "models/recall/retrieval.hpp"
#include "models/stage_evidence.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace winnow {

/// Where the candidates of a list come from.
enum class list_source {
  personalised, ///< The user's own embedding.
  history_mean, ///< No embedding: the mean embedding of the known history items, duplicates counted.
  popular,      ///< Nothing known of the user: the most popular items, without scores.
};

std::string_view to_string(list_source source) noexcept;

/// A user as the models see him.
struct user_context {
  std::optional<std::uint32_t> user;   ///< Row of the user embeddings.
  std::vector<std::uint32_t> history;  ///< Oldest first; `unknown_item` for what the catalogue lacks.
  std::vector<std::uint32_t> excluded; ///< The known items of the history, rising, each once.
};

/// What the user's candidates come from.
list_source source_of(const user_context& user);

/// Looks the user and the items of his profile up in the catalogue.
user_context resolve_user(const model_set& models, std::string_view user_id,
                          gsl::span<const std::string> profile);

/// The user's embedding; without one the mean embedding of the known items of his history, repeats counted;
/// of nobody known, zeros. @param vector As wide as the embeddings.
void user_vector(const model_set& models, const user_context& user, gsl::span<float> vector);

/// A stage's result for one request: items in order, best first.
struct ranked_list {
  list_source source = list_source::personalised;
  std::vector<scored_item> items;
  std::vector<candidate_evidence> evidence =
      {}; ///< One an item, where RankNet asks for stage features; else none.
};

/// What a ranking stage gets for one request.
struct ranking_task {
  const user_context* user = nullptr;
  const ranked_list* candidates = nullptr;
};

/// Buffers for one thread that runs stages.
struct cascade_scratch {
  retrieval_scratch retrieval;
  index_scratch index;
  din_model::scratch din;
  ranknet_model::scratch ranknet;
  std::vector<std::uint32_t> candidates;
  std::vector<float> scores;
  stage_feature_scratch stage_features;
};

/// LightGCN (He et al. 2020): the `count` catalogue items with the highest inner product, without the
/// history; nearly all of those where the models have an index by now.
/// @param shared Lets others help with an exact search; null: nobody does.
std::vector<ranked_list> generate_candidates(const model_set& models,
                                             gsl::span<const user_context* const> users, std::size_t count,
                                             cascade_scratch& work, shared_retrieval* shared = nullptr);

/// DIN, which `models` must have: the best `keep` of each task's candidates by logit; equal logits keep their
/// order. Fails (`internal`) when a score is not a number, which only weights near a float's limits can
/// cause, or when another engine than the native one failed.
std::vector<result<ranked_list>> rank_by_din(const model_set& models, gsl::span<const ranking_task> tasks,
                                             std::size_t keep, cascade_scratch& work);

/// RankNet: the same, by its score. Stage features of candidates that come without evidence are zeros, but
/// for what the item itself tells.
std::vector<result<ranked_list>> rank_by_ranknet(const model_set& models, gsl::span<const ranking_task> tasks,
                                                 std::size_t keep, cascade_scratch& work);

} // namespace winnow
