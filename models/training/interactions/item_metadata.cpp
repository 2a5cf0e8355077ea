#include "models/training/interactions/item_metadata.hpp"

#include "config/text/number_text.hpp"
#include "models/files/id_field.hpp"
#include "models/training/interactions/columns/column_names.hpp"
#include "models/training/interactions/item_table.hpp"
#include "models/training/interactions/item_table_writer.hpp"
#include "models/training/interactions/metadata_encoding.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace winnow {

namespace {

using treatment = metadata_column::treatment;

/// The texts of a metadata file, column by column.
struct metadata_texts {
  std::vector<metadata_values> columns;
  std::size_t known = 0;
};

/// Refuses a header with a name twice. Index columns have none.
result<void> check_header(csv_reader& file) {
  std::set<std::string_view> names;
  const auto& fields = file.fields();
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const auto name = column_name(fields[field]);
    if (!is_index_name(name) && !names.insert(name).second)
      return file.refuse(fault::malformed, file.offset_of(field),
                         "expected each column's name once, got " + quoted_field(name) + " again");
  }
  return {};
}

bool any_has_zero_fraction(const id_table& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (without_zero_fraction(ids[i]).size() != ids[i].size())
      return true;
  return false;
}

class metadata_rows {
public:
  /// @param copy Gets the rows with an id, of those of an item that was taken the first only; may be null.
  metadata_rows(const id_table& items, const reading_options& options, row_report& report,
                item_table_writer* copy)
      : items_(items), options_(options), report_(report), copy_(copy),
        have_fractions_(any_has_zero_fraction(items)), seen_(items.size(), false) {}

  /// Reads a part of the table. All parts have the columns of the first.
  result<void> read(csv_reader& file) {
    if (auto taken = take_header(file); !taken)
      return taken;
    return read_records(file, options_, report_, [this](csv_reader& row) { return take_row(row); });
  }

  const metadata_texts& texts() const { return texts_; }

private:
  result<void> take_header(csv_reader& file) {
    if (auto unique = check_header(file); !unique)
      return unique;
    const auto& header = file.fields();
    std::vector<std::string> names;
    names.reserve(header.size());
    for (const auto field : header)
      names.emplace_back(column_name(field));
    if (!names_.empty())
      return names == names_ ? result<void>()
                             : file.refuse(fault::malformed, 0, "expected the columns of the first part");
    names_ = std::move(names);
    if (auto found = find_id(file, header); !found)
      return found;
    for (std::size_t field = 0; field < names_.size(); ++field) {
      is_column_.push_back(field != id_ && !is_index_name(names_[field]));
      if (!is_column_.back())
        continue;
      texts_.columns.push_back({names_[field], {}, {}, is_sequence(header[field]), file.delimiter(), {}});
      texts_.columns.back().of_items.resize(items_.size(), 0);
    }
    return copy_ == nullptr ? result<void>() : copy_->write_header(header, id_, file.delimiter());
  }

  result<void> find_id(const csv_reader& file, const std::vector<std::string_view>& header) {
    const auto id = item_id_field(header, options_.columns);
    if (!id && is_index_name(names_.front()))
      return file.refuse(
          fault::malformed, 0,
          "expected an item's id, got a first column without a name: pandas writes its index so; write "
          "with index=False");
    if (!id && find(names_.front()))
      report_.remarks.push_back(
          "the first row is taken for the header, although it begins with the id of an item: " +
          quoted_field(names_.front()));
    id_ = id.value_or(0);
    return {};
  }

  /// The item of a row. Where an id is missing, pandas makes numbers with a fraction of the others.
  std::optional<id_table::index> find(std::string_view id) const {
    const auto item = items_.find(id);
    return item ? item : items_.find(without_zero_fraction(id));
  }

  /// The id by which the models know the item of a row. That of an item that nobody took is written as theirs
  /// are. @param item What `find` says.
  std::string_view id_in_models(std::string_view id, std::optional<id_table::index> item) const {
    if (item)
      return items_[*item];
    return have_fractions_ ? id : without_zero_fraction(id);
  }

  result<void> take_row(csv_reader& file) {
    const auto& fields = file.fields();
    if (fields.size() != names_.size())
      return report_.refuse(file.refuse(fault::malformed, 0,
                                        "expected " + std::to_string(names_.size()) + " fields, got " +
                                            std::to_string(fields.size())),
                            options_, "with another number of fields");
    if (fields[id_].empty())
      return report_.refuse(
          file.refuse(fault::malformed, file.offset_of(id_), "expected an item's id, got \"\""), options_,
          "without an item's id");
    if (has_any_control(fields[id_]))
      return report_.refuse_id(file, file.offset_of(id_), fields[id_], options_);
    const auto item = find(fields[id_]);
    if (item && seen_[*item]) { // not copied either: the first row counts, in training as in serving
      ++report_.duplicates;
      return {};
    }
    if (copy_ != nullptr)
      if (auto written = copy_->write_row(id_in_models(fields[id_], item), fields); !written)
        return written;
    if (!item) {
      ++report_.others;
      return {};
    }
    seen_[*item] = true;
    take_values(*item, fields, file.line());
    return {};
  }

  void take_values(id_table::index item, const std::vector<std::string_view>& fields, std::uint64_t line) {
    ++texts_.known;
    for (std::size_t field = 0, column = 0; field < names_.size(); ++field) {
      if (!is_column_[field])
        continue;
      auto& values = texts_.columns[column++];
      const auto text = trimmed(fields[field]);
      if (text.empty())
        continue;
      const auto [index, is_new] = values.texts.insert(text);
      if (is_new)
        values.lines.push_back(line);
      values.of_items[item] = index + 1;
    }
  }

  const id_table& items_;
  const reading_options& options_;
  row_report& report_;
  item_table_writer* const copy_;
  const bool have_fractions_; ///< Whether ids that end in `.0` are meant so.
  std::vector<bool> seen_;
  std::vector<std::string> names_;
  std::vector<bool> is_column_; ///< By field: whether it is a column of metadata.
  std::size_t id_ = 0;
  metadata_texts texts_;
};

std::string no_items_message(const std::filesystem::path& path, const row_report& report) {
  auto message =
      path.string() + ": expected rows of items of the interactions, got none (" + report.totals() + ")";
  return report.complaints.empty() ? message : message + "; first error: " + report.complaints.front();
}

std::string to_text(const metadata_column& column) {
  const auto width = " (" + std::to_string(column.width) + ")";
  switch (column.use) {
  case treatment::scaled:
    return column.name + " scaled";
  case treatment::log_scaled:
    return column.name + " log-scaled";
  case treatment::one_hot:
    return column.name + " one-hot" + width;
  case treatment::multi_hot:
    return column.name + " multi-hot" + width;
  case treatment::hashed:
    return column.name + " hashed" + width;
  case treatment::left_out:
    return column.name + " left out (" + column.why + ")";
  }
  return column.name;
}

} // namespace

std::string item_metadata::describe() const {
  std::string text;
  for (const auto& source : sources)
    text += (text.empty() ? "" : ", ") + to_text(source);
  return text;
}

namespace {

/// Joins the encoded columns, side by side.
item_metadata joined(const metadata_texts& texts, std::size_t items) {
  std::vector<metadata_encoding> encodings;
  std::transform(texts.columns.begin(), texts.columns.end(), std::back_inserter(encodings), encode_metadata);
  item_metadata metadata;
  metadata.known = texts.known;
  for (const auto& encoding : encodings) {
    metadata.sources.push_back(encoding.source);
    metadata.columns.insert(metadata.columns.end(), encoding.columns.begin(), encoding.columns.end());
  }
  const auto width = metadata.columns.size();
  metadata.values.resize(items * width, 0.0F);
  std::size_t first = 0;
  for (std::size_t column = 0; column < encodings.size(); ++column) {
    const auto& of_items = texts.columns[column].of_items;
    const auto& encoding = encodings[column];
    const auto part = encoding.source.width;
    for (std::size_t item = 0; item < items; ++item)
      if (of_items[item] != 0)
        std::copy_n(encoding.rows.data() + (of_items[item] - 1) * part, part,
                    metadata.values.data() + item * width + first);
    first += part;
  }
  return metadata;
}

} // namespace

result<item_metadata> read_item_metadata(const std::filesystem::path& path, const id_table& items,
                                         const reading_options& options, row_report& report,
                                         item_table_writer* copy) {
  report = {};
  report.note_others_in(path);
  metadata_rows rows(items, options, report, copy);
  const auto read =
      for_each_item_table(path, options.columns, [&](csv_reader& file) { return rows.read(file); });
  if (!read)
    return tl::unexpected(read.error());
  if (rows.texts().known == 0)
    return fail(fault::malformed, no_items_message(path, report));
  return joined(rows.texts(), items.size());
}

} // namespace winnow
