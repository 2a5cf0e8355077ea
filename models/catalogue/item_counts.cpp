#include "models/catalogue/item_counts.hpp"

#include "config/text/number_text.hpp"
#include "models/catalogue/id_column.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/csv_reader.hpp"
#include "models/files/header_names.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace winnow {

namespace {

/// Where the columns are. Their order is free, and there may be others, such as the index that pandas writes.
struct count_columns {
  std::size_t item = 0;
  std::optional<std::size_t> count, recent; ///< Without a count, each row is a user who took the item.
  std::size_t least_fields = 0;
};

result<count_columns> columns_of(csv_reader& reader, const std::string& file) {
  const auto more = reader.next();
  if (!more)
    return tl::unexpected(more.error());
  const auto place_of = [&](std::string_view name) -> std::optional<std::size_t> {
    const auto& fields = reader.fields();
    const auto found = std::find(fields.begin(), fields.end(), name);
    return *more && found != fields.end() ? std::optional<std::size_t>(found - fields.begin()) : std::nullopt;
  };
  const auto item = place_of("item_id"), user = place_of("user_id"), count = place_of("count");
  if (!item || !(user || count))
    return fail(fault::malformed, file + ":1:1: expected a header user_id,item_id or item_id,count");
  for (const char* name : {"item_id", "count", "recent"})
    if (auto once = check_name_once(reader, name); !once && !(user && name != std::string_view("item_id")))
      return tl::unexpected(once.error());
  count_columns found{*item, std::nullopt, std::nullopt, 0};
  if (!user) {
    found.count = count;
    found.recent = place_of("recent");
  }
  found.least_fields = 1 + std::max({found.item, found.count.value_or(0), found.recent.value_or(0)});
  return found;
}

/// @param expected What `Number` is, for the message.
template<class Number>
result<Number> number_in(csv_reader& reader, std::size_t place, const char* expected) {
  auto field = reader.fields()[place];
  if constexpr (std::is_integral_v<Number>)
    field = without_zero_fraction(field); // as pandas writes a column with an empty cell
  Number number{};
  const auto [end, status] = std::from_chars(field.data(), field.data() + field.size(), number);
  if (field.empty() || status != std::errc() || end != field.data() + field.size() ||
      !(number >= 0 && number <= std::numeric_limits<Number>::max()))
    return reader.refuse(fault::malformed, reader.offset_of(place),
                         std::string("expected ") + expected + ", got " + quoted_field(field));
  return number;
}

} // namespace

result<item_counts> count_items(const std::filesystem::path& path, const id_table& items) {
  constexpr auto dialect = served_table_form();
  auto reader = csv_reader::open(path, dialect);
  if (!reader)
    return tl::unexpected(reader.error());
  const auto columns = columns_of(*reader, path.string());
  if (!columns)
    return tl::unexpected(columns.error());
  id_column ids(path, dialect, columns->item);
  item_counts counts;
  counts.taken.resize(items.size());
  if (columns->recent)
    counts.recent.resize(items.size());
  while (true) {
    const auto more = reader->next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return counts;
    const auto& fields = reader->fields();
    if (fields.size() < columns->least_fields)
      return reader->refuse(fault::malformed, 0,
                            "expected at least " + std::to_string(columns->least_fields) + " fields, got " +
                                std::to_string(fields.size()));
    const result<std::uint64_t> taken =
        columns->count ? number_in<std::uint64_t>(*reader, *columns->count, "a whole number") : 1;
    if (!taken)
      return tl::unexpected(taken.error());
    const result<float> recent =
        columns->recent ? number_in<float>(*reader, *columns->recent, "a number from 0 on") : 0.0f;
    if (!recent)
      return tl::unexpected(recent.error());
    ++counts.rows;
    const auto item = items.find(ids.id_in(fields[columns->item], reader->is_quoted(columns->item)));
    if (!item)
      continue;
    ++counts.rows_of_items;
    counts.taken[*item] += *taken;
    if (columns->recent)
      counts.recent[*item] += *recent;
  }
}

} // namespace winnow
