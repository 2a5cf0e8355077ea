#include "models/catalogue/float_table.hpp"

#include "config/text/number_text.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/header_names.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace winnow {

namespace {

/// Parses a number in decimal or scientific notation, with optional spaces and tabs around it. Returns
/// infinity if it is too large for float32.
std::optional<float> parse_number(std::string_view field) {
  auto text = trimmed(field);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+') // which pandas reads, too
    text.remove_prefix(1);
  float value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status == std::errc::invalid_argument || end != text.data() + text.size())
    return std::nullopt;
  // from_chars reports too large and too small numbers alike. Too small ones are legitimate in a file of
  // doubles and become 0.
  if (status == std::errc::result_out_of_range)
    return static_cast<float>(std::strtod(std::string(text).c_str(), nullptr));
  return value;
}

/// Whether these are the names that pandas assigns: 0, 1, 2, …
bool are_counted(const std::vector<std::string_view>& names) {
  for (std::size_t i = 1; i < names.size(); ++i)
    if (parse_integer<std::size_t>(without_zero_fraction(trimmed(names[i]))) != i - 1)
      return false;
  return true;
}

bool is_id_name(std::string_view name) {
  return name == "item_id" || name == "user_id";
}

/// Whether a header looks like the first row of a file without one: all but the id are numbers.
bool looks_like_data(const std::vector<std::string_view>& names) {
  return std::all_of(names.begin() + 1, names.end(), parse_number) && !is_id_name(trimmed(names[0])) &&
         !are_counted(names);
}

} // namespace

result<float_table_reader> float_table_reader::open(const std::filesystem::path& path) {
  auto records = csv_reader::open(path, served_table_form());
  if (!records)
    return tl::unexpected(records.error());
  float_table_reader reader(path, std::move(*records));
  if (auto header = reader.read_header(); !header)
    return tl::unexpected(header.error());
  return reader;
}

result<void> float_table_reader::read_header() {
  const auto any = records_.next();
  if (!any)
    return tl::unexpected(any.error());
  if (!*any)
    return records_.refuse(fault::malformed, 0, "expected a header, got an empty file");
  const auto& names = records_.fields();
  if (names.size() < 2)
    return records_.refuse(fault::malformed, 0,
                           "expected a header of an id and at least one column, got " +
                               quoted_field(records_.text()));
  if (looks_like_data(names))
    return records_.refuse(fault::malformed, 0, "expected a header, got a row of numbers");
  return choose_columns(names);
}

/// The id is in the column with its name, or else in the first. The index that pandas writes has no name: it
/// is left out, and is never taken for the ids.
result<void> float_table_reader::choose_columns(const std::vector<std::string_view>& names) {
  const auto named = std::find_if(names.begin(), names.end(),
                                  [](std::string_view name) { return is_id_name(trimmed(name)); });
  id_field_ = named != names.end() ? static_cast<std::size_t>(named - names.begin()) : 0;
  if (is_index_name(trimmed(names[id_field_])))
    return records_.refuse(
        fault::malformed, 0,
        "expected an id in the first column, got a column without a name: pandas writes its index so; "
        "write with index=False");
  id_name_ = trimmed(names[id_field_]);
  if (is_id_name(id_name_))
    if (auto once = check_name_once(records_, id_name_); !once)
      return once;
  fields_ = names.size();
  ids_ = id_column(path_, served_table_form(), id_field_);
  columns_.clear();
  for (std::size_t field = 0; field < names.size(); ++field) {
    const auto name = trimmed(names[field]);
    if (field == id_field_ || is_index_name(name))
      continue;
    columns_.emplace_back(name);
    value_fields_.push_back(field);
  }
  if (columns_.empty())
    return records_.refuse(fault::malformed, 0, "expected a header of an id and at least one column");
  is_simple_ = id_field_ == 0 && columns_.size() + 1 == fields_ && records_.delimiter() == ',';
  return {};
}

result<bool> float_table_reader::next(gsl::span<float> into) {
  auto any = records_.next();
  if (any && !*any)
    odd_ids_.report("models", path_);
  if (!any || !*any)
    return any;
  if (auto read = read_row(into); !read)
    return tl::unexpected(read.error());
  odd_ids_.look_at(id_);
  return true;
}

result<void> float_table_reader::read_row(gsl::span<float> into) {
  if (is_simple_ && records_.plain() && read_plain(into)) {
    id_ = ids_.id_in(id_, false);
    return {};
  }
  // The slow path handles quotes, spaces, tiny numbers, and everything that must be refused.
  return read_fields(into);
}

/// The fast path, which does not split the record first. Returns false unless the record is simply an id and
/// `width()` numbers.
bool float_table_reader::read_plain(gsl::span<float> into) {
  const auto text = records_.text();
  const auto* const end = text.data() + text.size();
  const auto* at = std::find(text.data(), end, ',');
  id_ = trimmed(text.substr(0, static_cast<std::size_t>(at - text.data())));
  for (auto& value : into) {
    if (at == end || *at != ',')
      return false;
    const auto [behind, status] = std::from_chars(at + 1, end, value);
    if (status != std::errc() || !std::isfinite(value))
      return false;
    at = behind;
  }
  return at == end && !id_.empty();
}

result<void> float_table_reader::read_fields(gsl::span<float> into) {
  const auto& fields = records_.fields();
  const auto expected = fields_;
  if (fields.size() != expected)
    return records_.refuse(fault::malformed, records_.offset_of(expected),
                           "expected " + std::to_string(expected) + " fields, got " +
                               std::to_string(fields.size()));
  id_ = fields[id_field_];
  if (id_.empty())
    return records_.refuse(fault::malformed, records_.offset_of(id_field_), "the id is empty");
  for (std::size_t i = 0; i < width(); ++i) {
    const auto at = value_fields_[i];
    const auto field = fields[at];
    const auto value = parse_number(field);
    if (!value)
      return records_.refuse(fault::malformed, records_.offset_of(at),
                             "not a number: " + quoted_field(field));
    if (!std::isfinite(*value))
      return records_.refuse(fault::malformed, records_.offset_of(at),
                             "not a finite float32: " + quoted_field(field));
    into[i] = *value;
  }
  id_ = ids_.id_in(id_, records_.is_quoted(id_field_));
  return {};
}

result<std::size_t> float_table_reader::row_bound() const {
  auto lines = count_lines(path_, records_.line_end());
  if (!lines)
    return lines;
  // A row has at least one byte of id, a comma and a digit per number, and a line end. Without this bound, a
  // file of blank lines under a wide header would reserve terabytes.
  const auto shortest = 2 * width() + 2;
  return std::min(*lines - 1, static_cast<std::size_t>(records_.file_size() + 1) / shortest);
}

tl::unexpected<error> float_table_reader::refuse_duplicate(std::size_t first) const {
  // Line numbers of rows are not stored, so the file is re-read to find the line of the first occurrence.
  std::string where = "row " + std::to_string(first + 1);
  if (auto again = csv_reader::open(path_, served_table_form())) {
    auto more = again->next();
    for (std::size_t row = 0; more && *more && row <= first; ++row)
      more = again->next();
    if (more && *more)
      where = "line " + std::to_string(again->line());
  }
  return records_.refuse(fault::malformed, 0, "id " + quoted_field(id_) + " occurs twice, first in " + where);
}

result<float_table> load_float_table(const std::filesystem::path& path) {
  auto reader = float_table_reader::open(path);
  if (!reader)
    return tl::unexpected(reader.error());
  // Reserving avoids the reallocations of a growing vector, which would peak at twice the table's memory.
  const auto rows = reader->row_bound();
  if (!rows)
    return tl::unexpected(rows.error());
  float_table table;
  table.columns = reader->columns();
  table.width = reader->width();
  table.values.own().reserve(*rows * table.width);
  table.ids.reserve(*rows);
  std::vector<float> row(table.width);
  for (;;) {
    const auto more = reader->next(row);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return table;
    const auto [index, fresh] = table.ids.insert(reader->id());
    if (!fresh)
      return reader->refuse_duplicate(index);
    table.values.own().insert(table.values.own().end(), row.begin(), row.end());
  }
}

} // namespace winnow
