#pragma once

#include "models/model_set.hpp"
#include "models/ranked_list.hpp"
#include "models/recall/approximate_index.hpp"
#include "models/recall/retrieval.hpp"
#include "models/similar_items.hpp"
#include "models/stage_evidence.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace winnow {

struct list_wishes;

/// A user as the models see them: indices instead of ids.
struct user_context {
  std::optional<std::uint32_t> user;   ///< Row in the user embeddings; nullopt for unknown users.
  std::vector<std::uint32_t> history;  ///< Oldest first; `unknown_item` for items outside the catalogue.
  std::vector<std::uint32_t> excluded; ///< The known items of the history, ascending, without duplicates.
  std::shared_ptr<const list_wishes> wishes = nullptr; ///< Null: the plain list is wanted.
};

/// Returns how the user's candidates are found.
list_source source_of(const user_context& user);

/// Looks up the user and the items of their profile.
user_context resolve_user(const model_set& models, std::string_view user_id,
                          gsl::span<const std::string> profile);

/// Writes the user's vector to `vector`, the one with which `generate_candidates` searches.
///
/// If the models can fold in, it is computed from the known items of the history, for users with and without
/// an embedding. Otherwise, and if the history has no item that LightGCN was trained with, it is the user's
/// trained embedding, else the mean embedding of the known history items (duplicates counted), else zeros.
/// @param vector As wide as the embeddings.
void user_vector(const model_set& models, const user_context& user, gsl::span<float> vector);

/// The input of a stage for one request.
struct ranking_task {
  const user_context* user = nullptr;
  /// Of candidate generation: those that are known, when further ones are wanted; usually null.
  const ranked_list* candidates = nullptr;
  std::optional<std::uint32_t> similar_to = {}; ///< The item whose similar items are wanted; then no user.
  const item_choice* allowed = nullptr;         ///< Of these; null: all.
};

/// Buffers of one thread that merges candidates.
struct merge_scratch {
  transition_scratch transitions;
  transition_scratch last;           ///< For the last item of the history alone.
  std::vector<std::uint32_t> places; ///< By item; all 0 between two merges.
};

/// Buffers of one thread that runs stages.
struct cascade_scratch {
  merge_scratch merge;
  retrieval_scratch retrieval;
  index_scratch index;
  retrieval_scratch adopted; ///< For the search among adopted items.
  similar_items_scratch similar;
  din_model::scratch din;
  ranknet_model::scratch ranknet;
  std::vector<std::uint32_t> candidates;
  std::vector<float> scores;
  stage_feature_scratch stage_features;
};

/// How many sources the candidates come from.
enum class candidate_sources {
  all,      ///< As served.
  lightgcn, ///< LightGCN alone, to measure what the others add.
};

/// LightGCN (He et al. 2020): finds for each user the `count` catalogue items with the highest inner product,
/// excluding the history. Once the models have an approximate index, a few of those items may be missed. If
/// the models have transitions, part of the list comes from them, see `merge_candidates`. Lists of users
/// whose wishes narrow the catalogue are those of `narrowed_candidates`. Withheld items are on no list; the
/// lists are as long as if they did not exist.
/// @param shared Lets other threads help with an exact search; null if none may.
std::vector<ranked_list> generate_candidates(const model_set& models,
                                             gsl::span<const user_context* const> users, std::size_t count,
                                             cascade_scratch& work, shared_retrieval* shared = nullptr,
                                             candidate_sources sources = candidate_sources::all);

/// DIN: keeps the best `keep` of each task's candidates by logit; candidates with equal logits keep their
/// order. `models` must have DIN. A task fails with `internal` if one of its scores is not a number, which
/// only weights near a float's limits can cause. All tasks fail if a non-native engine fails.
std::vector<result<ranked_list>> rank_by_din(const model_set& models, gsl::span<const ranking_task> tasks,
                                             std::size_t keep, cascade_scratch& work);

/// RankNet: the same by its score; `models` must have RankNet. For candidates without evidence, stage
/// features that report on earlier stages are zero; the others are computed as usual.
std::vector<result<ranked_list>> rank_by_ranknet(const model_set& models, gsl::span<const ranking_task> tasks,
                                                 std::size_t keep, cascade_scratch& work);

} // namespace winnow
