#include "models/model_set.hpp"

#include "models/csv_reader.hpp"
#include "models/file_digest.hpp"
#include "models/float_table.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

namespace winnow {

namespace {

namespace fs = std::filesystem;

struct model_paths {
  fs::path user_embeddings, item_embeddings, din, ranknet, item_features, interactions;
};

result<model_paths> locate(const model_settings& settings) {
  const fs::path dir = settings.dir;
  std::error_code ignored;
  if (!fs::is_directory(dir, ignored))
    return fail(fault::not_found, "model directory " + dir.string() + " is not there");
  model_paths paths;
  paths.user_embeddings = dir / "lightgcn" / "user_embeddings.csv";
  paths.item_embeddings = dir / "lightgcn" / "item_embeddings.csv";
  paths.din = dir / "din" / "best_model.pth";
  paths.ranknet = dir / "ranknet" / "best_model.pth";
  // What is named must be there; what lies in the default place is taken where it is.
  const auto optional = [&](const std::string& named, const char* name) {
    if (!named.empty())
      return fs::path(named);
    return fs::exists(dir / name, ignored) ? dir / name : fs::path();
  };
  paths.item_features = optional(settings.item_features, "item_features.csv");
  paths.interactions = optional(settings.interactions, "lightgcn_data.csv");
  return paths;
}

result<void> load_items(const fs::path& path, model_set& models) {
  auto reader = float_table_reader::open(path);
  if (!reader)
    return tl::unexpected(reader.error());
  models.item_embeddings = panel_table(reader->width());
  std::vector<float> row(reader->width());
  while (true) {
    auto more = reader->next(row);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      break;
    if (const auto [first, is_new] = models.items.insert(reader->id()); !is_new)
      return reader->refuse_duplicate(first);
    models.item_embeddings.append(row);
  }
  if (models.items.size() == 0)
    return fail(fault::malformed, path.string() + ": expected at least one item, got none");
  return {};
}

result<void> load_users(const fs::path& path, model_set& models) {
  auto table = load_float_table(path);
  if (!table)
    return tl::unexpected(table.error());
  if (table->width != models.item_embeddings.width())
    return fail(fault::malformed, path.string() + ": expected embeddings as wide as the items' (" +
                                      std::to_string(models.item_embeddings.width()) + "), got " +
                                      std::to_string(table->width));
  models.users = std::move(table->ids);
  models.user_embeddings = std::move(table->values);
  return {};
}

/// No feature file: the item embeddings are the features.
void use_embeddings_as_features(model_set& models) {
  auto& features = models.features;
  features.width = models.item_embeddings.width();
  features.values.assign(models.items.size() * features.width, 0.0f);
  for (std::size_t item = 0; item < models.items.size(); ++item)
    models.item_embeddings.add_row(item, {features.values.data() + item * features.width, features.width});
  models.report.feature_source = "item embeddings";
}

result<void> load_features(const fs::path& path, model_set& models) {
  auto reader = float_table_reader::open(path);
  if (!reader)
    return tl::unexpected(reader.error());
  auto& features = models.features;
  features.width = reader->width();
  features.values.assign(models.items.size() * features.width, 0.0f);
  std::vector<float> row(features.width);
  id_table seen;
  while (true) {
    auto more = reader->next(row);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      break;
    if (const auto [first, is_new] = seen.insert(reader->id()); !is_new)
      return reader->refuse_duplicate(first);
    if (const auto item = models.items.find(reader->id()))
      std::copy(row.begin(), row.end(),
                features.values.begin() + static_cast<std::ptrdiff_t>(*item * features.width));
    else
      ++models.report.features_without_item;
  }
  models.report.feature_source = path.string();
  models.report.items_without_features =
      models.items.size() - (seen.size() - models.report.features_without_item);
  return {};
}

/// Orders the catalogue by how often each item occurs among the pairs of `path`.
result<void> load_popularity(const fs::path& path, model_set& models) {
  models.popular.resize(models.items.size());
  std::iota(models.popular.begin(), models.popular.end(), 0);
  if (path.empty()) {
    models.report.popularity_source = "order of the item embeddings, as there are no interactions to count";
    return {};
  }
  auto reader = csv_reader::open(path);
  if (!reader)
    return tl::unexpected(reader.error());
  auto more = reader->next();
  const auto is_header = [&] {
    const auto& fields = reader->fields();
    return fields.size() >= 2 && fields[0] == "user_id" && fields[1] == "item_id";
  };
  if (!more)
    return tl::unexpected(more.error());
  if (!*more || !is_header())
    return fail(fault::malformed, path.string() + ":1:1: expected a header user_id,item_id");
  std::vector<std::uint64_t> counts(models.items.size(), 0);
  while (true) {
    more = reader->next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      break;
    const auto& fields = reader->fields();
    if (fields.size() < 2)
      return reader->refuse(fault::malformed, 0,
                            "expected at least 2 fields, got " + std::to_string(fields.size()));
    if (const auto item = models.items.find(fields[1]))
      ++counts[*item];
  }
  std::stable_sort(models.popular.begin(), models.popular.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
  models.report.popularity_source = "counts in " + path.string();
  return {};
}

result<void> check_widths(const model_set& models, const model_paths& paths) {
  const auto& source = models.report.feature_source;
  const auto refuse = [&](const fs::path& file, const char* tensor, std::size_t expected,
                          const char* relation) {
    return fail(fault::malformed, file.string() + ": tensor " + tensor + ": expected " + relation +
                                      std::to_string(models.features.width) +
                                      " columns, as the features have (" + source + "), got " +
                                      std::to_string(expected));
  };
  if (models.din.feature_width() != models.features.width)
    return refuse(paths.din, "item_embedding.weight", models.din.feature_width(), "");
  if (models.ranknet.feature_width() != models.features.width)
    return refuse(paths.ranknet, "item_embedding.weight", models.ranknet.feature_width(), "");
  if (models.ranknet.user_width() < models.features.width)
    return refuse(paths.ranknet, "user_embedding.weight", models.ranknet.user_width(), "at least ");
  return {};
}

template<class Model>
result<Model> load_ranker(const fs::path& path) {
  auto file = load_checkpoint(path);
  if (!file)
    return tl::unexpected(file.error());
  return Model::from_checkpoint(*file);
}

result<std::string> digest_of(const model_paths& paths) {
  file_digest digest;
  for (const auto* path : {&paths.user_embeddings, &paths.item_embeddings, &paths.din, &paths.ranknet,
                           &paths.item_features, &paths.interactions})
    if (!path->empty())
      if (auto added = digest.add(*path); !added)
        return tl::unexpected(added.error());
  return digest.hex();
}

} // namespace

result<model_set_ptr> load_model_set(const model_settings& settings) {
  const auto paths = locate(settings);
  if (!paths)
    return tl::unexpected(paths.error());
  auto din = load_ranker<din_model>(paths->din);
  if (!din)
    return tl::unexpected(din.error());
  auto ranknet = load_ranker<ranknet_model>(paths->ranknet);
  if (!ranknet)
    return tl::unexpected(ranknet.error());
  auto models = std::make_shared<model_set>(std::move(*din), std::move(*ranknet));
  if (auto loaded = load_items(paths->item_embeddings, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (auto loaded = load_users(paths->user_embeddings, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (paths->item_features.empty())
    use_embeddings_as_features(*models);
  else if (auto loaded = load_features(paths->item_features, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (auto loaded = load_popularity(paths->interactions, *models); !loaded)
    return tl::unexpected(loaded.error());
  if (auto fits = check_widths(*models, *paths); !fits)
    return tl::unexpected(fits.error());
  auto digest = digest_of(*paths);
  if (!digest)
    return tl::unexpected(digest.error());
  models->version = *digest;
  return model_set_ptr(std::move(models));
}

} // namespace winnow
