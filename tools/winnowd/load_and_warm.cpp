#include "tools/winnowd/load_and_warm.hpp"

#include "config/log/log.hpp"
#include "models/cascade.hpp"
#include "models/kernels/kernels.hpp"

#include <chrono>
#include <exception>

namespace winnow {

namespace {

using milliseconds = std::chrono::milliseconds;

/// Sends a request through all stages, for a user whose history is the first items of the catalogue.
result<void> warm_up(const model_set& models, const cascade_widths& widths) {
  std::vector<std::string> history;
  for (std::uint32_t item = 0; item < models.items.size() && item < din_model::history_limit; ++item)
    history.emplace_back(models.items[item]);
  const user_context user = resolve_user(models, "", history);
  const user_context* const users[] = {&user};
  cascade_scratch work;
  const auto candidates = generate_candidates(models, users, widths.candidates, work);
  const ranking_task din_task{&user, &candidates[0]};
  const auto by_din = rank_by_din(models, {&din_task, 1}, widths.din_keep, work);
  if (!by_din[0])
    return tl::unexpected(by_din[0].error());
  const ranking_task ranknet_task{&user, &*by_din[0]};
  const auto by_ranknet = rank_by_ranknet(models, {&ranknet_task, 1}, widths.ranknet_keep, work);
  if (!by_ranknet[0])
    return tl::unexpected(by_ranknet[0].error());
  return {};
}

result<model_set_ptr> load(const settings& options) {
  const auto begin = std::chrono::steady_clock::now();
  auto models = load_model_set(options.models);
  if (!models)
    return models;
  const auto loaded = std::chrono::steady_clock::now();
  const auto widths = widths_for(options.cascade, (*models)->widths);
  if (auto warm = warm_up(**models, widths); !warm)
    return fail("warming up " + options.models.dir, warm.error());
  const auto warmed = std::chrono::steady_clock::now();

  const model_set& set = **models;
  const auto took = [](auto duration) { return std::chrono::duration_cast<milliseconds>(duration).count(); };
  log_event(log_level::info, "models", "loaded",
            {{"dir", options.models.dir},
             {"version", set.version},
             {"items", set.items.size()},
             {"users", set.users->size()},
             {"embedding_width", set.item_embeddings.width()},
             {"features", set.report.feature_source},
             {"feature_width", set.din_features->width},
             {"ranknet_feature_width", set.ranknet->feature_width()},
             {"candidates", widths.candidates},
             {"din_keep", widths.din_keep},
             {"ranknet_keep", widths.ranknet_keep},
             {"popularity", set.report.popularity_source},
             {"instruction_set", kernels::instruction_set()},
             {"load_ms", took(loaded - begin)},
             {"warm_up_ms", took(warmed - loaded)}});
  if (set.report.items_without_features + set.report.features_without_item > 0)
    log_event(log_level::warning, "models", "features and catalogue differ",
              {{"items_without_features", set.report.items_without_features},
               {"features_without_item", set.report.features_without_item}});
  if (!set.drift)
    log_event(log_level::info, "models", "no histograms of the training, so no drift of values is measured",
              {{"dir", options.models.dir}, {"advice", "train with this version of winnow-train"}});
  return models;
}

} // namespace

result<model_set_ptr> load_and_warm(const settings& options) {
  const auto& version = options.models.version;
  log_event(log_level::info, "models", "loading",
            {{"dir", version.empty() ? options.models.dir : options.models.dir + ", version " + version}});
  try {
    return load(options);
  } catch (const std::exception& failure) { // most likely out of memory
    return fail(fault::internal, "loading " + options.models.dir + ": " + failure.what());
  }
}

} // namespace winnow
