#include "models/recall/fold_in_files.hpp"

#include <algorithm>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// Whether both have the same ids in the same order.
bool is_same(const id_table& ids, const id_table& order) {
  if (ids.size() != order.size())
    return false;
  for (std::size_t at = 0; at < order.size(); ++at)
    if (ids[at] != order[at])
      return false;
  return true;
}

/// Loads a table and puts its rows in the order of `order`.
/// @param kind What the ids stand for, in errors.
result<std::shared_ptr<const feature_table>> load_rows(const fs::path& path, const table_cache& cache,
                                                       const id_table& order, const std::string& kind,
                                                       std::size_t width) {
  auto table = cache.load(path);
  if (!table)
    return tl::unexpected(table.error());
  const auto refuse = [&](const std::string& why) {
    return fail(fault::malformed, path.string() + ": " + why);
  };
  if (table->width != width)
    return refuse("expected rows as wide as the item embeddings (" + std::to_string(width) + "), got " +
                  std::to_string(table->width));
  if (is_same(table->ids, order))
    return std::make_shared<const feature_table>(feature_table{width, std::move(table->values)});
  for (std::size_t at = 0; at < order.size(); ++at)
    if (!table->ids.find(order[at]))
      return refuse("expected a row for each " + kind + " with an embedding, got none for \"" +
                    std::string(order[at]) + "\"");
  if (table->ids.size() != order.size())
    return refuse("expected " + std::to_string(order.size()) + " rows, one for each " + kind +
                  " with an embedding, got " + std::to_string(table->ids.size()));
  feature_table rows{width, std::vector<float>(order.size() * width)};
  for (std::size_t at = 0; at < order.size(); ++at)
    std::copy_n(table->values.data() + *table->ids.find(order[at]) * width, width,
                rows.values.data() + at * width);
  return std::make_shared<const feature_table>(std::move(rows));
}

} // namespace

fold_in_paths fold_in_paths_of(const fs::path& model_directory) {
  return {model_directory / "lightgcn" / "item_fold_in.csv",
          model_directory / "lightgcn" / "user_fold_in.csv"};
}

result<std::shared_ptr<const fold_in>> load_fold_in(const fold_in_paths& paths, const table_cache& cache,
                                                    const id_table& items, const id_table& users,
                                                    std::size_t width) {
  std::error_code ignored;
  const bool has_items = fs::exists(paths.items, ignored), has_users = fs::exists(paths.users, ignored);
  if (!has_items && !has_users)
    return nullptr;
  if (has_items != has_users) {
    const auto& [there, missing] =
        has_items ? std::tie(paths.items, paths.users) : std::tie(paths.users, paths.items);
    return fail(fault::not_found,
                missing.string() + ": expected beside " + there.filename().string() + ", got no file");
  }
  auto of_items = load_rows(paths.items, cache, items, "item", width);
  if (!of_items)
    return tl::unexpected(of_items.error());
  auto of_users = load_rows(paths.users, cache, users, "user", width);
  if (!of_users)
    return tl::unexpected(of_users.error());
  return std::make_shared<const fold_in>(std::move(*of_items), std::move(*of_users));
}

} // namespace winnow
