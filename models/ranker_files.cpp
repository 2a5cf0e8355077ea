#include "models/ranker_files.hpp"

#include "config/files/file_name.hpp"
#include "models/checkpoint/checkpoint.hpp"
#include "models/ranking/engine_module.hpp"

#include <filesystem>
#include <string>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// @param engine The engine that is to score; null for the native one.
/// @param make The member function with which `engine` makes the ranker.
template<class Model, class Made>
result<void> load_ranker(const fs::path& path, missing_rankers missing, const ranking_engine* engine,
                         result<std::shared_ptr<const Made>> (ranking_engine::*make)(const checkpoint&) const,
                         std::shared_ptr<const Model>& into, std::shared_ptr<const Made>& into_engine) {
  if (missing == missing_rankers::accepted && is_absent(path))
    return {};
  auto file = load_checkpoint(path);
  if (!file)
    return tl::unexpected(file.error());
  auto model = Model::from_checkpoint(*file);
  if (!model)
    return tl::unexpected(model.error());
  into = std::make_shared<const Model>(std::move(*model));
  if (engine == nullptr)
    return {};
  auto made = (engine->*make)(*file);
  if (!made)
    return tl::unexpected(made.error());
  into_engine = std::move(*made);
  return {};
}

std::string columns_of(std::size_t columns, std::size_t stage_features, const std::string& source) {
  return std::to_string(columns + stage_features) + " columns to match the features (" + source +
         (stage_features == 0 ? ")" : ", " + std::to_string(stage_features) + " from earlier stages)");
}

} // namespace

result<void> load_rankers(const model_paths& paths, missing_rankers missing, ranker_engine kind,
                          model_set& models) {
  const auto engine = engine_of(kind);
  if (!engine)
    return tl::unexpected(engine.error());
  if (auto loaded =
          load_ranker(paths.din, missing, *engine, &ranking_engine::din, models.din, models.din_engine);
      !loaded)
    return loaded;
  return load_ranker(paths.ranknet, missing, *engine, &ranking_engine::ranknet, models.ranknet,
                     models.ranknet_engine);
}

result<void> check_widths(const model_set& models, const model_paths& paths) {
  const auto refuse = [&](const fs::path& file, const char* tensor, const std::string& expected,
                          std::size_t got) {
    return fail(fault::malformed, file.string() + ": tensor " + tensor + ": expected " + expected + ", got " +
                                      std::to_string(got));
  };
  const auto& source = models.report.feature_source;
  if (models.din && models.din->feature_width() != models.din_features->width)
    return refuse(paths.din, "item_embedding.weight", columns_of(models.din_features->width, 0, source),
                  models.din->feature_width());
  if (!models.ranknet)
    return {};
  const std::size_t columns = models.ranknet_features->width;
  const std::size_t stage_features = models.stage_features.size();
  if (models.ranknet->feature_width() != columns + stage_features)
    return refuse(paths.ranknet, "item_embedding.weight", columns_of(columns, stage_features, source),
                  models.ranknet->feature_width());
  if (models.ranknet->user_width() < columns)
    return refuse(paths.ranknet, "user_embedding.weight", "at least " + columns_of(columns, 0, source),
                  models.ranknet->user_width());
  return {};
}

} // namespace winnow
