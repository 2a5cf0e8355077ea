#include "models/training/interactions/item_table.hpp"

#include "config/text/number_text.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/foreign_format.hpp"
#include "models/files/output_file.hpp"
#include "models/files/part_files.hpp"
#include "models/training/interactions/row_report.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace winnow {

namespace {

/// A column of the table besides the id.
struct copied_column {
  std::size_t place = 0; ///< Its field.
  bool is_sequence = false;
};

/// The values of a sequence, separated as several values in a field are elsewhere: `a b` becomes `a|b`.
std::string with_bars(std::string_view sequence) {
  std::string text;
  for (const char letter : sequence)
    if (letter != ' ')
      text.push_back(letter);
    else if (text.back() != '|')
      text.push_back('|');
  return text;
}

std::string header_text(const std::vector<std::string_view>& header,
                        const std::vector<copied_column>& columns) {
  std::string row = "item_id";
  for (const auto& column : columns)
    row += "," + csv_field(column_name(header[column.place]));
  return row + "\n";
}

/// One row, with the id first.
std::string row_text(std::string_view id, const std::vector<std::string_view>& fields,
                     const std::vector<copied_column>& columns) {
  auto row = csv_id(id);
  for (const auto& column : columns) {
    const auto text = trimmed(fields[column.place]);
    row += "," + csv_field(column.is_sequence ? with_bars(text) : text);
  }
  return row + "\n";
}

/// Copies the rows behind a header that was just read. What is wrong with the others was reported when the
/// metadata was read.
result<void> copy_rows(csv_reader& file, const reading_options& options, bool with_header,
                       output_file& into) {
  const auto width = file.fields().size();
  const auto id = item_id_field(file.fields(), options.columns).value_or(0);
  std::vector<copied_column> columns;
  for (std::size_t field = 0; field < width; ++field)
    if (field != id && !is_index_name(column_name(file.fields()[field])))
      columns.push_back({field, is_sequence(file.fields()[field])});
  if (with_header)
    if (auto written = into.write(header_text(file.fields(), columns)); !written)
      return written;
  row_report ignored;
  return read_records(file, {}, ignored, [&](csv_reader& row) -> result<void> {
    const auto& fields = row.fields();
    if (fields.size() != width || fields[id].empty())
      return {};
    return into.write(row_text(without_zero_fraction(fields[id]), fields, columns));
  });
}

/// Reads the header, too. @return nullopt if the file is empty.
result<std::optional<csv_reader>> open_item_table(const std::filesystem::path& path,
                                                  const chosen_columns& chosen) {
  auto file = csv_reader::open(path, {'\n', false, true, false});
  if (!file)
    return tl::unexpected(file.error());
  const auto any = file->next();
  if (!any)
    return tl::unexpected(any.error());
  if (!*any)
    return std::nullopt;
  if (is_json_line(file->text()))
    return file->refuse(fault::malformed, 0, "expected a table as text (CSV) with a header, got JSON");
  csv_form best;
  std::size_t most = 1;
  bool with_id = false;
  const auto named = file->named_separator();
  for (const char delimiter : named ? std::string(1, *named) : std::string("\t,;|")) {
    const csv_form form{delimiter, delimiter != '\t', true, true};
    file->reread(form);
    const auto again = file->next();
    if (!again || !*again || file->fields().size() < 2)
      continue;
    const bool has_id = item_id_field(file->fields(), chosen).has_value();
    if ((has_id && !with_id) || (has_id == with_id && file->fields().size() > most)) {
      best = form;
      most = file->fields().size();
      with_id = has_id;
    }
  }
  if (most < 2)
    return fail(fault::malformed,
                path.string() + ":1:1: expected a header with an item's id and at least one column");
  file->reread(best);
  if (const auto again = file->next(); !again)
    return tl::unexpected(again.error());
  return std::optional(std::move(*file));
}

/// When the newest of the files was written; nullopt if none is a file that has a time, as no pipe has.
std::optional<std::filesystem::file_time_type> written_last(const std::filesystem::path& table) {
  std::optional<std::filesystem::file_time_type> newest;
  const auto parts = part_files_of(table);
  if (!parts)
    return newest;
  for (const auto& part : *parts) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(part, failed))
      continue;
    const auto written = std::filesystem::last_write_time(part, failed);
    if (!failed)
      newest = newest ? std::max(*newest, written) : written;
  }
  return newest;
}

} // namespace

std::optional<std::size_t> item_id_field(const std::vector<std::string_view>& header,
                                         const chosen_columns& chosen) {
  const auto found = find_column(header, column_role::item, chosen);
  return found ? found : find_column(header, column_role::item);
}

result<void> for_each_item_table(const std::filesystem::path& path, const chosen_columns& chosen,
                                 const std::function<result<void>(csv_reader&)>& read) {
  const auto parts = part_files_of(path);
  if (!parts)
    return tl::unexpected(parts.error());
  for (const auto& part : *parts) {
    auto file = open_item_table(part, chosen);
    if (!file)
      return tl::unexpected(file.error());
    if (!*file)
      continue;
    if (auto done = read(**file); !done)
      return done;
  }
  return {};
}

result<void> write_item_table(const std::filesystem::path& from, const reading_options& options,
                              const std::filesystem::path& to) {
  const auto written = written_last(from);
  auto into = output_file::create(to);
  if (!into)
    return tl::unexpected(into.error());
  bool with_header = true;
  auto copied = for_each_item_table(from, options.columns, [&](csv_reader& file) {
    return copy_rows(file, options, std::exchange(with_header, false), *into);
  });
  if (copied)
    copied = into->close();
  std::error_code ignored;
  if (copied && written)
    std::filesystem::last_write_time(to, *written, ignored);
  return copied;
}

} // namespace winnow
