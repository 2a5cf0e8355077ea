#include "models/catalogue/item_counts.hpp"

#include "models/catalogue/id_column.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/csv_reader.hpp"

#include <charconv>
#include <limits>
#include <string>

namespace winnow {

namespace {

enum class form { pairs, counts, recent_counts };

result<form> form_of(csv_reader& reader, const std::string& file) {
  const auto more = reader.next();
  if (!more)
    return tl::unexpected(more.error());
  if (*more) {
    const auto& fields = reader.fields();
    if (fields.size() >= 2 && fields[0] == "user_id" && fields[1] == "item_id")
      return form::pairs;
    if (fields.size() >= 2 && fields[0] == "item_id" && fields[1] == "count")
      return fields.size() >= 3 && fields[2] == "recent" ? form::recent_counts : form::counts;
  }
  return fail(fault::malformed, file + ":1:1: expected a header user_id,item_id or item_id,count");
}

/// @param expected What `Number` is, for the message.
template<class Number>
result<Number> number_in(csv_reader& reader, std::size_t place, const char* expected) {
  const auto field = reader.fields()[place];
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
  const auto rows = form_of(*reader, path.string());
  if (!rows)
    return tl::unexpected(rows.error());
  const std::size_t id_field = *rows == form::pairs ? 1 : 0;
  const std::size_t least_fields = *rows == form::recent_counts ? 3 : 2;
  id_column ids(path, dialect, id_field);
  item_counts counts;
  counts.taken.resize(items.size());
  if (*rows == form::recent_counts)
    counts.recent.resize(items.size());
  while (true) {
    const auto more = reader->next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return counts;
    const auto& fields = reader->fields();
    if (fields.size() < least_fields)
      return reader->refuse(fault::malformed, 0,
                            "expected at least " + std::to_string(least_fields) + " fields, got " +
                                std::to_string(fields.size()));
    const result<std::uint64_t> taken =
        *rows == form::pairs ? 1 : number_in<std::uint64_t>(*reader, 1, "a whole number");
    if (!taken)
      return tl::unexpected(taken.error());
    const result<float> recent =
        *rows == form::recent_counts ? number_in<float>(*reader, 2, "a number from 0 on") : 0.0f;
    if (!recent)
      return tl::unexpected(recent.error());
    const auto item = items.find(ids.id_in(fields[id_field], reader->is_quoted(id_field)));
    if (!item)
      continue;
    counts.taken[*item] += *taken;
    if (*rows == form::recent_counts)
      counts.recent[*item] += *recent;
  }
}

} // namespace winnow
