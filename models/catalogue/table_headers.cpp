#include "models/catalogue/table_headers.hpp"

#include "config/log/log.hpp"
#include "models/catalogue/float_table.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace winnow {

namespace {

using names = std::vector<std::string>;

tl::unexpected<error> refuse(const embedding_file& file, const std::string& why) {
  return fail(fault::malformed, file.path.string() + ":1: " + why);
}

result<void> check_ids(const embedding_file& file, const std::string& id_name) {
  const bool of_items = file.whose == embedding_file::of::items;
  const std::string expected = of_items ? "item_id" : "user_id";
  const std::string other = of_items ? "user_id" : "item_id";
  if (id_name == other)
    return refuse(file, "expected the column " + expected + ", got " + other);
  return {};
}

/// pandas' `reset_index` makes a column of the index, which would be multiplied like any other.
result<void> check_names(const embedding_file& file, const names& columns) {
  for (const char* index : {"index", "level_0"})
    if (std::find(columns.begin(), columns.end(), index) != columns.end())
      return refuse(file, "expected columns of embeddings, got the column " + std::string(index) +
                              ", which pandas makes of its index; write without it");
  return {};
}

result<void> check_order(const embedding_file& file, const names& columns, const embedding_file& first,
                         const names& expected) {
  if (columns == expected ||
      !std::is_permutation(columns.begin(), columns.end(), expected.begin(), expected.end()))
    return {};
  const auto [here, there] = std::mismatch(columns.begin(), columns.end(), expected.begin());
  return refuse(file, "expected the columns in the order of " + first.path.string() + ", which has \"" +
                          *there + "\" where this file has \"" + *here + "\"");
}

} // namespace

result<void> check_headers(gsl::span<const embedding_file> files) {
  names expected;
  for (const auto& file : files) {
    const auto reader = float_table_reader::open(file.path);
    if (!reader)
      return tl::unexpected(reader.error());
    if (auto fits = check_ids(file, reader->id_name()); !fits)
      return fits;
    if (auto fits = check_names(file, reader->columns()); !fits)
      return fits;
    warn_of_namesakes(file.path, reader->columns());
    if (&file == files.data())
      expected = reader->columns();
    if (auto fits = check_order(file, reader->columns(), files.front(), expected); !fits)
      return fits;
  }
  return {};
}

std::size_t place_of_namesake(const std::vector<std::string>& columns, std::size_t first) {
  const auto at = columns.begin() + static_cast<std::ptrdiff_t>(first);
  return static_cast<std::size_t>(std::find(at + 1, columns.end(), *at) - columns.begin());
}

void warn_of_namesakes(const std::filesystem::path& file, const std::vector<std::string>& columns) {
  for (std::size_t first = 0; first < columns.size(); ++first)
    if (const auto second = place_of_namesake(columns, first); second < columns.size())
      return log_event(log_level::warning, "models", "two columns have the same name, both are taken",
                       {{"file", file.string()},
                        {"column", columns[first]},
                        {"first", first + 1},
                        {"second", second + 1}});
}

} // namespace winnow
