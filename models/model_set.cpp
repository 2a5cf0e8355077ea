#include "models/model_set.hpp"

#include "config/files/file_name.hpp"
#include "config/log/log.hpp"
#include "models/catalogue/item_counts.hpp"
#include "models/catalogue/table_cache.hpp"
#include "models/catalogue/table_headers.hpp"
#include "models/feature_columns.hpp"
#include "models/files/file_snapshot.hpp"
#include "models/manifest.hpp"
#include "models/model_files.hpp"
#include "models/ranker_files.hpp"
#include "models/stage_evidence.hpp"
#include "models/transitions/kept_transitions.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <thread>

namespace winnow {

namespace {

namespace fs = std::filesystem;

// If less than a tenth of the rows are of items of the catalogue, their ids are probably written differently.
constexpr std::uint64_t few_rows_of = 10;

/// Loads items and their embeddings. @return The names of the embeddings' columns.
result<std::vector<std::string>> load_items(const fs::path& path, const table_cache& cache,
                                            model_set& models) {
  auto table = cache.load(path);
  if (!table)
    return tl::unexpected(table.error());
  if (table->ids.empty())
    return fail(fault::malformed, path.string() + ": expected at least one item, got none");
  models.items = catalogue(std::move(table->ids));
  models.item_embeddings = embedding_table(
      std::make_shared<const feature_table>(feature_table{table->width, std::move(table->values)}));
  return std::move(table->columns);
}

result<void> load_users(const fs::path& path, const table_cache& cache, model_set& models) {
  auto table = cache.load_rows(path);
  if (!table)
    return tl::unexpected(table.error());
  if (table->rows.width() != models.item_embeddings.width())
    return fail(fault::malformed, path.string() + ": expected embeddings as wide as the items' (" +
                                      std::to_string(models.item_embeddings.width()) + "), got " +
                                      std::to_string(table->rows.width()));
  models.users = std::make_shared<const id_table>(std::move(table->ids));
  models.user_embeddings = std::make_shared<const stored_rows>(std::move(table->rows));
  return {};
}

/// Before the tables are read, as these may come from the cache, without their headers.
result<void> check_headers(const model_paths& paths) {
  using of = embedding_file::of;
  std::vector<embedding_file> files{{paths.item_embeddings, of::items}, {paths.user_embeddings, of::users}};
  if (!is_absent(paths.folding.items) && !is_absent(paths.folding.users)) {
    files.push_back({paths.folding.items, of::items});
    files.push_back({paths.folding.users, of::users});
  }
  return check_headers(files);
}

/// Reads `model.json`; returns an empty description if there is none.
result<model_description> describe(const model_paths& paths) {
  return paths.description.empty() ? model_description() : read_model_description(paths.description);
}

result<void> load_features(const model_paths& paths, const model_description& description,
                           const std::vector<std::string>& embedding_names, model_set& models) {
  auto features =
      choose_features({paths.item_features, models.items.trained(), models.item_embeddings, embedding_names},
                      {paths.description, description.din_columns, description.ranknet_columns});
  if (!features)
    return tl::unexpected(features.error());
  models.din_features = std::move(features->din);
  models.ranknet_features = std::move(features->ranknet);
  models.features = std::make_shared<const feature_plan>(std::move(features->plan));
  models.stage_features = description.stage_features;
  auto& report = models.report;
  report.items_without_features = features->items_without_features;
  report.features_without_item = features->features_without_item;
  report.feature_source = description.din_columns || description.ranknet_columns
                              ? "columns named in " + paths.description.string()
                          : paths.item_features.empty() ? "item embeddings"
                                                        : paths.item_features.string();
  return {};
}

/// Orders the catalogue by how often each item was taken.
result<void> load_popularity(const model_paths& paths, model_set& models) {
  std::vector<std::uint32_t> order(models.items.size());
  std::iota(order.begin(), order.end(), 0);
  if (!paths.interactions.empty()) {
    auto counted = count_items(paths.interactions, models.items.trained());
    if (!counted)
      return tl::unexpected(counted.error());
    if (counted->rows > few_rows_of * counted->rows_of_items)
      log_event(log_level::warning, "models", "most counted items are not in the catalogue",
                {{"file", paths.interactions.string()},
                 {"rows", counted->rows},
                 {"rows_of_items", counted->rows_of_items}});
    const auto counts = std::make_shared<const std::vector<std::uint64_t>>(std::move(counted->taken));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return (*counts)[a] > (*counts)[b]; });
    models.item_counts = counts;
  }
  models.popular = std::make_shared<const std::vector<std::uint32_t>>(std::move(order));
  models.report.popularity_source = paths.interactions.empty()
                                        ? "order of the item embeddings (no interactions to count)"
                                        : "counts in " + paths.interactions.string();
  return {};
}

/// Loads how often each item was taken lately if the description says how that was counted.
result<void> load_recent_counts(const model_paths& paths, const model_description& description,
                                model_set& models) {
  if (!description.recent_half_life)
    return {};
  const auto asked = paths.description.string() +
                     ": recent_counts: expected popularity.csv with the column recent beside it, got ";
  if (paths.popularity.empty())
    return fail(fault::not_found, asked + "none");
  auto counted = count_items(paths.popularity, models.items.trained());
  if (!counted)
    return tl::unexpected(counted.error());
  if (counted->recent.empty())
    return fail(fault::not_found, asked + "one without it");
  models.recent_counts = std::make_shared<const std::vector<float>>(std::move(counted->recent));
  models.recent_half_life = *description.recent_half_life;
  return {};
}

/// Loads the second source of candidates if the description names it.
result<void> load_transitions(const model_paths& paths, const model_description& description,
                              const table_cache& cache, model_set& models) {
  if (!description.transitions)
    return {};
  const auto asked = paths.description.string() + ": transitions: ";
  if (paths.transitions.empty())
    return fail(fault::not_found, asked + "expected transitions.csv beside it, got none");
  if (!models.item_counts)
    return fail(fault::not_found,
                asked + "expected lightgcn_data.csv or popularity.csv beside it for the counts, got neither");
  auto counts = load_counts(cache, paths.transitions, models.items.trained());
  if (!counts)
    return tl::unexpected(counts.error());
  models.transitions = std::make_shared<const transition_table>(std::move(*counts), *models.item_counts,
                                                                description.transitions->scoring);
  models.transition_rules = description.transitions->rules;
  models.transition_candidates = description.transitions->candidates;
  models.transition_weight = static_cast<float>(description.transitions->weight);
  models.din_order = {static_cast<float>(description.transitions->din_weight),
                      static_cast<float>(description.transitions->din_score_weight)};
  return {};
}

/// Computes the digests of the files, and compares them with the manifest if there is one. Before anything
/// else is read, so that a set that is being replaced is called that, whatever else is wrong with it.
result<void> identify(const model_paths& paths, const model_description& description,
                      const table_cache& cache, model_set& models) {
  const auto used = paths.used(description.recent_half_life.has_value());
  const auto digests = cache.digest(used);
  if (!digests)
    return tl::unexpected(digests.error());
  models.version = digests->all;
  models.manifest = digest_of_manifest(paths.directory);
  if (!paths.manifest.empty())
    if (auto fits = check_manifest(paths.manifest, used, *digests, paths.possible); !fits)
      return fits;
  if (!description.transitions || paths.transitions.empty()) // refused later, if it is missing
    return {};
  const auto learning =
      cache.digest({paths.item_embeddings, paths.transitions, paths.description}, "learning-digest");
  if (!learning)
    return tl::unexpected(learning.error());
  models.learning_version = learning->all;
  return {};
}

/// In seconds since 1970; 0 if that cannot be found out.
std::int64_t written_at(const fs::path& file) {
  const auto stamp = stamp_of(file);
  return stamp ? stamp->modified / 1'000'000'000 : 0;
}

result<model_set_ptr> load_from(const model_paths& paths, const model_settings& settings,
                                missing_rankers missing) {
  const auto description = describe(paths);
  if (!description)
    return tl::unexpected(description.error());
  const table_cache cache(
      settings.cache ? prepare_cache_directory(
                           paths.directory, {paths.item_embeddings, paths.user_embeddings, paths.transitions})
                     : fs::path(),
      {settings.lock, settings.precision});
  auto models = std::make_shared<model_set>();
  models->directory = paths.directory;
  models->home = settings.dir;
  models->widths = widths_for(description->cascade, {});
  models->training = description->training;
  models->earlier_trainings = description->earlier_trainings;
  models->drift = description->drift;
  models->trained_at = written_at(paths.description.empty() ? paths.item_embeddings : paths.description);
  if (auto done = identify(paths, *description, cache, *models); !done)
    return tl::unexpected(done.error());
  if (auto loaded = load_rankers(paths, missing, settings.engine, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (auto fits = check_headers(paths); !fits)
    return tl::unexpected(fits.error());
  const auto embedding_names = load_items(paths.item_embeddings, cache, *models);
  if (!embedding_names)
    return tl::unexpected(embedding_names.error());
  if (auto loaded = load_users(paths.user_embeddings, cache, *models); !loaded)
    return tl::unexpected(loaded.error());
  auto folding = load_fold_in(paths.folding, cache, models->items.trained(), *models->users,
                              models->item_embeddings.width());
  if (!folding)
    return tl::unexpected(folding.error());
  models->folding = std::move(*folding);
  auto attributes = load_attributes(paths.attributes, models->items.trained());
  if (!attributes)
    return tl::unexpected(attributes.error());
  models->attributes = std::move(*attributes);
  if (auto loaded = load_features(paths, *description, *embedding_names, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (auto loaded = load_popularity(paths, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (auto loaded = load_recent_counts(paths, *description, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (auto loaded = load_transitions(paths, *description, cache, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (auto ready = prepare_stage_features(paths.description, *models); !ready)
    return tl::unexpected(ready.error());
  if (auto fits = check_widths(*models, paths); !fits)
    return tl::unexpected(fits.error());
  return model_set_ptr(std::move(models));
}

} // namespace

result<model_set_ptr> load_model_set(const model_settings& settings, missing_rankers missing) {
  constexpr int most_tries = 5;
  std::chrono::milliseconds pause(50); // doubles
  for (int tries = 1;; ++tries, pause *= 2) {
    const auto paths = locate_models(settings);
    if (!paths)
      return tl::unexpected(paths.error());
    const file_snapshot before(paths->possible);
    auto models = load_from(*paths, settings, missing);
    const auto changed = before.changed();
    if (!changed)
      return models;
    if (tries == most_tries)
      return fail(fault::conflict, changed->string() + ": changed while it was read, " +
                                       std::to_string(most_tries) + " times in a row");
    log_event(log_level::warning, "models", "files changed while they were read, reading them again",
              {{"file", changed->string()}});
    std::this_thread::sleep_for(pause);
  }
}

} // namespace winnow
