#include "models/attributes/item_attributes.hpp"

#include "config/log/log.hpp"
#include "config/settings/suggestion.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/trimmed.hpp"
#include "models/attributes/column_typing.hpp"
#include "models/catalogue/id_column.hpp"
#include "models/files/csv_reader.hpp"
#include "models/files/header_names.hpp"
#include "models/files/id_field.hpp"
#include "models/files/input_file.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Reads the rows of the file into one `column_texts` per named column.
class attribute_reader {
public:
  attribute_reader(const std::filesystem::path& path, const csv_form& form, id_table& ids)
      : path_(path), form_(form), ids_(ids) {}

  result<void> take_header(csv_reader& file) {
    if (auto once = check_names_once(file); !once)
      return once;
    const auto& names = file.fields();
    fields_ = names.size();
    const auto id = std::find(names.begin(), names.end(), "item_id");
    id_ = id == names.end() ? 0 : static_cast<std::size_t>(id - names.begin());
    column_of_ids_ = id_column(path_, form_, id_);
    for (std::size_t field = 0; field < fields_; ++field)
      if (field != id_ && !names[field].empty()) {
        columns_.emplace_back();
        columns_.back().name = names[field];
        columns_.back().delimiter = file.delimiter();
        places_.push_back(field);
      }
    return {};
  }

  result<void> take_row(csv_reader& file) {
    const auto& fields = file.fields();
    if (fields.size() != fields_)
      return file.refuse(fault::malformed, 0,
                         "expected " + std::to_string(fields_) + " fields, got " +
                             std::to_string(fields.size()));
    if (auto id = check_id_field(file, id_, "an item's id"); !id)
      return id;
    const auto [row, added] = ids_.insert(column_of_ids_.id_in(fields[id_], file.is_quoted(id_)));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      auto& column = columns_[i];
      if (added)
        column.of_rows.push_back(0);
      const auto text = trimmed(fields[places_[i]], blanks_of_a_line);
      if (text.empty()) {
        column.of_rows[row] = 0;
        continue;
      }
      const auto [index, is_new] = column.texts.insert(text);
      column.of_rows[row] = index + 1;
      if (!is_new)
        continue;
      if (!column.code && is_code(text))
        column.code = {index, file.line()};
      if (auto fits = check(column, text, file, places_[i]); !fits)
        return fits;
    }
    return {};
  }

  std::vector<std::shared_ptr<const attribute_column>> finish() {
    std::vector<std::shared_ptr<const attribute_column>> typed_columns;
    for (auto& column : columns_) {
      column.of_rows.push_back(0); // the row of missing items
      auto typed = typed_column(column);
      if (typed.code)
        report_code(column.name, *typed.code);
      typed_columns.push_back(std::make_shared<const attribute_column>(std::move(typed.column)));
    }
    return typed_columns;
  }

private:
  /// Says why bounds do not work. Columns of codes are usual; a number with a zero before it is a slip.
  void report_code(const std::string& column, const code_among_numbers& code) const {
    log_event(code.is_one_of_codes ? log_level::info : log_level::warning, "items",
              "column of whole numbers is read as texts, because one may be a code",
              {{"file", path_.string()}, {"line", code.line}, {"column", column}, {"value", code.text}});
  }

  /// Refuses a value that would leave open whether the item may be shown.
  static result<void> check(const column_texts& column, std::string_view text, csv_reader& file,
                            std::size_t field) {
    if (column.name == hidden_attribute && !truth_in(text))
      return refuse(column, "true, false, yes, no, 1 or 0", text, file, field);
    if (column.name == available_until_attribute && !time_in(text))
      return refuse(column, "a time as ISO 8601 or Unix time", text, file, field);
    return {};
  }

  static result<void> refuse(const column_texts& column, const char* expected, std::string_view text,
                             csv_reader& file, std::size_t field) {
    return file.refuse(fault::malformed, file.offset_of(field),
                       column.name + ": expected " + expected + ", got " + quoted_text(text));
  }

  const std::filesystem::path& path_;
  const csv_form form_;
  id_table& ids_;
  id_column column_of_ids_;
  std::size_t fields_ = 0, id_ = 0;
  std::vector<column_texts> columns_;
  std::vector<std::size_t> places_; ///< By column: its field.
};

} // namespace

result<item_attributes> item_attributes::read(const std::filesystem::path& path) {
  // A reader of gzip also reads pipes, for the training: opening one would wait here.
  if (auto regular = expect_regular_file(path); !regular)
    return tl::unexpected(regular.error());
  constexpr auto form = served_table_form(true);
  auto file = csv_reader::open(path, form);
  if (!file)
    return tl::unexpected(file.error());
  item_attributes all;
  id_table ids;
  attribute_reader reader(path, form, ids);
  for (bool header = true;; header = false) {
    const auto more = file->next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more && header)
      return fail(fault::malformed, path.string() + ": expected a header with an item's id, got nothing");
    if (!*more)
      break;
    if (auto taken = header ? reader.take_header(*file) : reader.take_row(*file); !taken)
      return tl::unexpected(taken.error());
  }
  all.columns_ = reader.finish();
  all.ids_ = std::make_shared<const id_table>(std::move(ids));
  return all;
}

const attribute_column* item_attributes::find(std::string_view name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(),
                                  [name](const auto& column) { return column->name == name; });
  return found == columns_.end() ? nullptr : found->get();
}

std::vector<std::string> item_attributes::names() const {
  std::vector<std::string> all;
  for (const auto& column : columns_)
    all.push_back(column->name);
  return all;
}

error item_attributes::unknown(const std::string& attribute) const {
  return {fault::malformed,
          "the items have no attribute \"" + attribute + "\"" + suggestion(attribute, names())};
}

} // namespace winnow
