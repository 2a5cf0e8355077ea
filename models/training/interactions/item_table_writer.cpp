#include "models/training/interactions/item_table_writer.hpp"

#include "config/text/trimmed.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/part_files.hpp"
#include "models/training/interactions/columns/column_names.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

namespace winnow {

namespace {

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

result<item_table_writer> item_table_writer::create(const std::filesystem::path& to) {
  auto file = output_file::create(to);
  if (!file)
    return tl::unexpected(file.error());
  return item_table_writer(std::move(*file));
}

result<void> item_table_writer::write_header(const std::vector<std::string_view>& header, std::size_t id,
                                             char delimiter) {
  delimiter_ = delimiter == ';' ? ';' : ',';
  std::string row = delimiter_ == ';' ? "sep=;\nitem_id" : "item_id";
  for (std::size_t field = 0; field < header.size(); ++field) {
    const auto name = column_name(header[field]);
    if (field == id || is_index_name(name))
      continue;
    columns_.push_back({field, is_sequence(header[field])});
    row += delimiter_ + csv_field(name, delimiter_);
  }
  return write(row);
}

result<void> item_table_writer::write_row(std::string_view id, const std::vector<std::string_view>& fields) {
  auto row = csv_id(id, delimiter_);
  for (const auto& column : columns_) {
    const auto text = trimmed(fields[column.place]);
    row += delimiter_ + csv_field(column.is_sequence ? with_bars(text) : text, delimiter_);
  }
  return write(row);
}

result<void> item_table_writer::write(const std::string& row) {
  auto written = file_.write(row + "\n");
  failed_ = failed_ || !written;
  return written;
}

result<void> item_table_writer::close(const std::filesystem::path& table) {
  const auto written = written_last(table);
  if (auto closed = file_.close(); !closed)
    return closed;
  std::error_code ignored;
  if (written)
    std::filesystem::last_write_time(file_.path(), *written, ignored);
  return {};
}

} // namespace winnow
