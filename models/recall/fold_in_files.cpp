#include "models/recall/fold_in_files.hpp"

#include "config/files/file_name.hpp"
#include "models/files/csv_field.hpp"

#include <algorithm>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// Whether both have the same ids in the same order.
bool is_same(const id_table& ids, const id_table& order) {
  return ids.size() == order.size() && ids.digest() == order.digest();
}

/// Returns the error for a table that does not have exactly one row for each id of `order`; success if it
/// does.
/// @param kind What the ids stand for, in errors.
result<void> check_rows(const fs::path& path, const id_table& ids, std::size_t width, const id_table& order,
                        const std::string& kind, std::size_t expected_width) {
  const auto refuse = [&](const std::string& why) {
    return fail(fault::malformed, path.string() + ": " + why);
  };
  if (width != expected_width)
    return refuse("expected rows as wide as the item embeddings (" + std::to_string(expected_width) +
                  "), got " + std::to_string(width));
  if (is_same(ids, order))
    return {};
  for (std::size_t at = 0; at < order.size(); ++at)
    if (!ids.find(order[at]))
      return refuse("expected a row for each " + kind + " with an embedding, got none for " +
                    quoted_field(order[at]));
  if (ids.size() != order.size())
    return refuse("expected " + std::to_string(order.size()) + " rows, one for each " + kind +
                  " with an embedding, got " + std::to_string(ids.size()));
  return {};
}

/// Returns the numbers in the order of `order`. All of its ids have a row.
template<class T>
number_array<T> in_order(const id_table& ids, const number_array<T>& values, std::size_t width,
                         const id_table& order) {
  std::vector<T> sorted(order.size() * width);
  for (std::size_t at = 0; at < order.size(); ++at)
    std::copy_n(values.data() + *ids.find(order[at]) * width, width, sorted.data() + at * width);
  return sorted;
}

result<std::shared_ptr<const feature_table>> load_items(const fs::path& path, const table_cache& cache,
                                                        const id_table& order, std::size_t width) {
  auto table = cache.load(path);
  if (!table)
    return tl::unexpected(table.error());
  if (auto fits = check_rows(path, table->ids, table->width, order, "item", width); !fits)
    return tl::unexpected(fits.error());
  auto values = is_same(table->ids, order) ? std::move(table->values)
                                           : in_order(table->ids, table->values, width, order);
  return std::make_shared<const feature_table>(feature_table{width, std::move(values)});
}

result<std::shared_ptr<const stored_rows>> load_users(const fs::path& path, const table_cache& cache,
                                                      const id_table& order, std::size_t width) {
  auto table = cache.load_rows(path);
  if (!table)
    return tl::unexpected(table.error());
  const auto& [ids, columns, rows] = *table;
  if (auto fits = check_rows(path, ids, rows.width(), order, "user", width); !fits)
    return tl::unexpected(fits.error());
  if (is_same(ids, order))
    return std::make_shared<const stored_rows>(rows);
  return std::make_shared<const stored_rows>(
      rows.precision() == table_precision::half
          ? stored_rows(width, in_order(ids, rows.halves(), width, order), rows.unit())
          : stored_rows(width, in_order(ids, rows.floats(), width, order)));
}

} // namespace

fold_in_paths fold_in_paths_of(const fs::path& model_directory) {
  return {model_directory / "lightgcn" / "item_fold_in.csv",
          model_directory / "lightgcn" / "user_fold_in.csv"};
}

result<std::shared_ptr<const fold_in>> load_fold_in(const fold_in_paths& paths, const table_cache& cache,
                                                    const id_table& items, const id_table& users,
                                                    std::size_t width) {
  const bool has_items = !is_absent(paths.items), has_users = !is_absent(paths.users);
  if (!has_items && !has_users)
    return nullptr;
  if (has_items != has_users) {
    const auto& [there, missing] =
        has_items ? std::tie(paths.items, paths.users) : std::tie(paths.users, paths.items);
    return fail(fault::not_found,
                missing.string() + ": expected beside " + there.filename().string() + ", got no file");
  }
  auto of_items = load_items(paths.items, cache, items, width);
  if (!of_items)
    return tl::unexpected(of_items.error());
  auto of_users = load_users(paths.users, cache, users, width);
  if (!of_users)
    return tl::unexpected(of_users.error());
  return std::make_shared<const fold_in>(std::move(*of_items), std::move(*of_users));
}

} // namespace winnow
