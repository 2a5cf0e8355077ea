#include "models/cascade.hpp"

#include "models/candidate_merge.hpp"
#include "models/item_search.hpp"
#include "models/list_wishes.hpp"
#include "models/narrowed_candidates.hpp"
#include "models/popular_items.hpp"
#include "models/recall/sort_best.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

namespace winnow {

namespace {

/// Writes the mean embedding of the user's known items to `mean`. There must be at least one.
void history_mean(const model_set& models, const user_context& user, gsl::span<float> mean) {
  std::fill(mean.begin(), mean.end(), 0.0f);
  std::size_t known = 0;
  for (const auto item : user.history)
    if (item != unknown_item) {
      models.item_embeddings.add_row(item, mean);
      ++known;
    }
  for (auto& value : mean)
    value /= static_cast<float>(known);
}

/// Returns the vector of a user by whom or by whose history something is known: the folded-in one if the
/// models have the tables for it, else the trained one, else the mean of the history's items.
/// @param buffer Receives the vector unless it is in a table; as wide as the embeddings.
gsl::span<const float> vector_of(const model_set& models, const user_context& user, gsl::span<float> buffer) {
  if (models.folding && models.folding->write_vector(user.user, user.excluded, buffer))
    return buffer;
  if (user.user)
    return models.user_embedding(*user.user, buffer);
  history_mean(models, user, buffer);
  return buffer;
}

/// The items that a user's wishes allow; null: all.
const item_choice* allowed_to(const user_context& user) {
  return user.wishes ? user.wishes->allowed.get() : nullptr;
}

/// Returns the best `keep` candidates by the new scores. Equal scores keep the order of the previous stage.
/// @param logits DIN's, noted in the evidence; empty for other stages.
ranked_list keep_best(const ranked_list& candidates, gsl::span<const float> scores, std::size_t keep,
                      gsl::span<const float> logits) {
  std::vector<scored_item> order(scores.size()); // `item` is the candidate's position here
  for (std::uint32_t i = 0; i < scores.size(); ++i)
    order[i] = {i, scores[i]};
  sort_best(order, keep);
  ranked_list best{candidates.source, std::move(order)};
  if (!candidates.evidence.empty()) {
    best.evidence.reserve(best.items.size());
    for (const auto& entry : best.items) {
      best.evidence.push_back(candidates.evidence[entry.item]);
      if (!logits.empty())
        best.evidence.back().din_logit = logits[entry.item];
    }
  }
  for (auto& entry : best.items)
    entry.item = candidates.items[entry.item].item;
  return best;
}

/// Makes one query per task; their candidates and scores are in `work`.
std::vector<ranking_query> queries_of(gsl::span<const ranking_task> tasks, cascade_scratch& work) {
  std::size_t total = 0;
  for (const auto& task : tasks)
    total += task.candidates->items.size();
  work.candidates.resize(total);
  work.scores.resize(total);

  std::vector<ranking_query> queries;
  queries.reserve(tasks.size());
  std::size_t first = 0;
  for (const auto& task : tasks) {
    const auto& items = task.candidates->items;
    std::transform(items.begin(), items.end(), work.candidates.begin() + static_cast<std::ptrdiff_t>(first),
                   [](const scored_item& entry) { return entry.item; });
    queries.push_back({{work.candidates.data() + first, items.size()},
                       task.user->history,
                       {work.scores.data() + first, items.size()}});
    first += items.size();
  }
  return queries;
}

/// Adds the stage features that RankNet uses to the queries.
void add_stage_features(const model_set& models, gsl::span<const ranking_task> tasks,
                        gsl::span<ranking_query> queries, cascade_scratch& work) {
  const std::size_t width = models.stage_features.size();
  auto& rows = work.stage_features.rows;
  rows.resize(work.candidates.size() * width);
  std::size_t first = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto& list = *tasks[i].candidates;
    const gsl::span<float> out(rows.data() + first, list.items.size() * width);
    write_stage_features(models, *tasks[i].user, list.items, list.evidence, work.stage_features, out);
    queries[i].extra = out;
    first += out.size();
  }
}

/// Scores with the given engine, or with the native model if it is null.
template<class Model, class Scratch>
result<void> score(const engine_ranker* engine, const Model& native, const feature_rows& features,
                   gsl::span<const ranking_query> queries, Scratch& work) {
  if (engine != nullptr)
    return engine->score(features, queries);
  native.score(features, queries, work);
  return {};
}

std::vector<result<ranked_list>> failed(std::size_t tasks, const error& why) {
  return std::vector<result<ranked_list>>(tasks, tl::unexpected(why));
}

bool is_boosted(const ranking_task& task) {
  return task.user->wishes && !task.user->wishes->boosts.empty();
}

/// Adds to the scores what the user's wishes say.
void boost(const ranking_task& task, gsl::span<float> scores) {
  if (is_boosted(task))
    for (std::size_t i = 0; i < scores.size(); ++i)
      scores[i] += task.user->wishes->boost_of(task.candidates->items[i].item);
}

/// The best by DIN's logits; if the models say so, together with the order of the candidates.
ranked_list keep_best_by_din(const model_set& models, const ranking_task& task, gsl::span<const float> logits,
                             std::size_t keep) {
  const auto& candidates = *task.candidates;
  const bool counts_order = !models.din_order.are_zero() && !candidates.evidence.empty();
  if (!counts_order && !is_boosted(task))
    return keep_best(candidates, logits, keep, logits);
  std::vector<float> scores(logits.begin(), logits.end());
  if (counts_order)
    for (std::size_t i = 0; i < scores.size(); ++i)
      scores[i] = order_score(candidates.evidence[i], scores[i], models.transition_weight, models.din_order);
  boost(task, scores);
  return keep_best(candidates, scores, keep, logits);
}

/// Returns each task's best candidates by the scores of its query. @param best_of Takes a task and its
/// scores.
template<class BestOf>
std::vector<result<ranked_list>> best_of_each(const char* name, gsl::span<const ranking_task> tasks,
                                              gsl::span<const ranking_query> queries, BestOf best_of) {
  std::vector<result<ranked_list>> lists;
  lists.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto scores = queries[i].scores;
    if (std::any_of(scores.begin(), scores.end(), [](float score) { return std::isnan(score); }))
      lists.push_back(fail(fault::internal, std::string(name) + ": a score is not a number"));
    else
      lists.push_back(best_of(tasks[i], scores));
  }
  return lists;
}

} // namespace

list_source source_of(const user_context& user) {
  if (user.user)
    return list_source::personalised;
  return user.excluded.empty() ? list_source::popular : list_source::history_mean;
}

void user_vector(const model_set& models, const user_context& user, gsl::span<float> vector) {
  if (source_of(user) == list_source::popular) {
    std::fill(vector.begin(), vector.end(), 0.0f);
    return;
  }
  const auto found = vector_of(models, user, vector);
  if (found.data() != vector.data())
    std::copy(found.begin(), found.end(), vector.begin());
}

user_context resolve_user(const model_set& models, std::string_view user_id,
                          gsl::span<const std::string> profile) {
  user_context user;
  user.user = models.users->find(user_id);
  user.history.reserve(profile.size());
  for (const auto& id : profile)
    user.history.push_back(models.items.find(id).value_or(unknown_item));
  user.excluded = user.history;
  std::sort(user.excluded.begin(), user.excluded.end());
  user.excluded.erase(std::unique(user.excluded.begin(), user.excluded.end()), user.excluded.end());
  if (!user.excluded.empty() && user.excluded.back() == unknown_item) // the largest value, so it sorts last
    user.excluded.pop_back();
  return user;
}

std::vector<ranked_list> generate_candidates(const model_set& models,
                                             gsl::span<const user_context* const> users, std::size_t count,
                                             cascade_scratch& work, shared_retrieval* shared,
                                             candidate_sources sources) {
  const std::size_t width = models.item_embeddings.width();
  std::vector<ranked_list> lists(users.size());
  std::vector<float> vectors(users.size() * width);
  std::vector<retrieval_query> queries;
  std::vector<std::size_t> position; // of each query in `lists`
  queries.reserve(users.size());
  position.reserve(users.size());
  std::deque<std::vector<std::uint32_t>> left_out; // by wishes and the history
  for (std::size_t i = 0; i < users.size(); ++i) {
    const user_context& user = *users[i];
    lists[i].source = source_of(user);
    const bool narrows = user.wishes && user.wishes->narrow();
    if (narrows &&
        (lists[i].source == list_source::popular || !user.wishes->narrows_little(models.items.size()))) {
      lists[i] = narrowed_candidates(models, user, count, work);
      continue;
    }
    if (lists[i].source == list_source::popular) {
      lists[i].items =
          popular_items(models, count, [&](std::uint32_t item) { return !models.is_withheld(item); });
      continue;
    }
    gsl::span<const std::uint32_t> excluded = user.excluded;
    if (narrows && !user.wishes->excluded.empty())
      excluded = left_out.emplace_back(left_out_of(user));
    queries.push_back({vector_of(models, user, {vectors.data() + i * width, width}), excluded,
                       widened(models, allowed_to(user), count)});
    position.push_back(i);
  }
  auto best = search_items(models, queries, {work.retrieval, work.index, work.adopted}, shared);
  for (std::size_t q = 0; q < queries.size(); ++q) {
    if (const auto* const allowed = allowed_to(*users[position[q]]); allowed != nullptr || models.withheld)
      best[q] = first_allowed(models, allowed, std::move(best[q]), queries[q], count, work);
    auto& list = lists[position[q]];
    if (models.transitions && sources == candidate_sources::all)
      list = merge_candidates(models, *users[position[q]], queries[q].user, best[q], count, work.merge,
                              queries[q].excluded);
    else
      list.items = std::move(best[q]);
  }
  if (!models.stage_features.empty())
    for (auto& list : lists)
      if (list.evidence.empty())
        list.evidence = evidence_of_candidates(list.items);
  return lists;
}

std::vector<result<ranked_list>> rank_by_din(const model_set& models, gsl::span<const ranking_task> tasks,
                                             std::size_t keep, cascade_scratch& work) {
  const auto queries = queries_of(tasks, work);
  if (auto scored = score(models.din_engine.get(), *models.din, models.din_rows(), queries, work.din);
      !scored)
    return failed(tasks.size(), scored.error());
  return best_of_each("din", tasks, queries, [&](const ranking_task& task, gsl::span<const float> logits) {
    return keep_best_by_din(models, task, logits, keep);
  });
}

std::vector<result<ranked_list>> rank_by_ranknet(const model_set& models, gsl::span<const ranking_task> tasks,
                                                 std::size_t keep, cascade_scratch& work) {
  auto queries = queries_of(tasks, work);
  if (!models.stage_features.empty())
    add_stage_features(models, tasks, queries, work);
  if (auto scored =
          score(models.ranknet_engine.get(), *models.ranknet, models.ranknet_rows(), queries, work.ranknet);
      !scored)
    return failed(tasks.size(), scored.error());
  return best_of_each("ranknet", tasks, queries, [&](const ranking_task& task, gsl::span<float> scores) {
    boost(task, scores);
    return keep_best(*task.candidates, scores, keep, {});
  });
}

} // namespace winnow
