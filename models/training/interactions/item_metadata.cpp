#include "models/training/interactions/item_metadata.hpp"

#include "models/files/csv_reader.hpp"
#include "models/training/interactions/column_names.hpp"
#include "models/training/interactions/metadata_encoding.hpp"
#include "models/training/interactions/number_text.hpp"

#include <algorithm>

namespace winnow {

namespace {

using treatment = metadata_column::treatment;

/// The texts of a metadata file, column by column.
struct metadata_texts {
  std::vector<metadata_values> columns;
  std::size_t known = 0;
};

/// Index of the id field; all other fields are columns.
std::size_t id_field(const std::vector<std::string_view>& header) {
  return find_column(header, column_role::item).value_or(0);
}

/// Opens the file with the delimiter found in its header, and reads the header.
result<csv_reader> open_at_header(const std::filesystem::path& path) {
  for (const char delimiter : {'\t', ',', ';'}) {
    auto file = csv_reader::open(path, {delimiter, delimiter != '\t', true});
    if (!file)
      return file;
    auto any = file->next();
    if (!any)
      return tl::unexpected(any.error());
    if (*any && file->fields().size() > 1)
      return file;
  }
  return fail(fault::malformed,
              path.string() + ":1:1: expected a header with an item's id and at least one column");
}

class metadata_rows {
public:
  metadata_rows(csv_reader file, const id_table& items, const reading_options& options, row_report& report)
      : file_(std::move(file)), items_(items), options_(options), report_(report),
        seen_(items.size(), false) {}

  result<metadata_texts> read() {
    width_ = file_.fields().size();
    id_ = id_field(file_.fields());
    for (std::size_t field = 0; field < width_; ++field)
      if (field != id_)
        texts_.columns.push_back({std::string(column_name(file_.fields()[field])), {}, {}});
    for (auto& column : texts_.columns)
      column.of_items.resize(items_.size(), 0);
    for (;;) {
      auto more = file_.next();
      if (more && !*more)
        return std::move(texts_);
      if (!more && more.error().cause != fault::malformed)
        return tl::unexpected(more.error());
      ++report_.rows;
      if (auto taken = more ? take_row() : report_.refuse(more.error(), options_); !taken)
        return tl::unexpected(taken.error());
    }
  }

private:
  result<void> take_row() {
    const auto& fields = file_.fields();
    if (fields.size() != width_)
      return report_.refuse(file_.refuse(fault::malformed, 0,
                                         "expected " + std::to_string(width_) + " fields, got " +
                                             std::to_string(fields.size())),
                            options_);
    if (fields[id_].empty())
      return report_.refuse(
          file_.refuse(fault::malformed, file_.offset_of(id_), "expected an item's id, got \"\""), options_);
    const auto item = items_.find(fields[id_]);
    if (!item)
      return {};
    if (seen_[*item]) {
      ++report_.duplicates;
      return {};
    }
    seen_[*item] = true;
    ++texts_.known;
    for (std::size_t field = 0, column = 0; field < width_; ++field) {
      if (field == id_)
        continue;
      auto& values = texts_.columns[column++];
      if (const auto text = trimmed(fields[field]); !text.empty())
        values.of_items[*item] = values.texts.insert(text).first + 1;
    }
    return {};
  }

  csv_reader file_;
  const id_table& items_;
  const reading_options& options_;
  row_report& report_;
  std::vector<bool> seen_;
  std::size_t width_ = 0;
  std::size_t id_ = 0;
  metadata_texts texts_;
};

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
    return column.name + " left out";
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

result<item_metadata> read_item_metadata(const std::filesystem::path& path, const id_table& items,
                                         const reading_options& options, row_report& report) {
  report = {};
  auto file = open_at_header(path);
  if (!file)
    return tl::unexpected(file.error());
  const auto texts = metadata_rows(std::move(*file), items, options, report).read();
  if (!texts)
    return tl::unexpected(texts.error());

  std::vector<metadata_encoding> encodings;
  std::transform(texts->columns.begin(), texts->columns.end(), std::back_inserter(encodings),
                 encode_metadata);
  item_metadata metadata;
  metadata.known = texts->known;
  for (const auto& encoding : encodings) {
    metadata.sources.push_back(encoding.source);
    metadata.columns.insert(metadata.columns.end(), encoding.columns.begin(), encoding.columns.end());
  }
  const auto width = metadata.columns.size();
  metadata.values.resize(items.size() * width, 0.0F);
  std::size_t first = 0;
  for (std::size_t column = 0; column < encodings.size(); ++column) {
    const auto& of_items = texts->columns[column].of_items;
    const auto& encoding = encodings[column];
    const auto part = encoding.source.width;
    for (std::size_t item = 0; item < items.size(); ++item)
      if (of_items[item] != 0)
        std::copy_n(encoding.rows.data() + (of_items[item] - 1) * part, part,
                    metadata.values.data() + item * width + first);
    first += part;
  }
  return metadata;
}

} // namespace winnow
