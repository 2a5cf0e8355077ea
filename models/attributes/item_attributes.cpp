#include "models/attributes/item_attributes.hpp"

#include "config/settings/suggestion.hpp"
#include "config/text/quoted_text.hpp"
#include "models/catalogue/id_column.hpp"
#include "models/files/csv_reader.hpp"

#include "models/files/input_file.hpp"
#include "models/files/missing_mark.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// The texts of a column as they are in the file, by row.
struct column_texts {
  std::string name;
  id_table texts;
  std::vector<std::uint32_t> of_rows; ///< Index + 1; 0 if missing.
};

template<class Parse>
bool are_all(const id_table& texts, Parse parse) {
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (!parse(texts[i]))
      return false;
  return !texts.empty();
}

template<class Predicate>
bool has_any(const id_table& texts, Predicate predicate) {
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (predicate(texts[i]))
      return true;
  return false;
}

/// Whether the texts are numbers, apart from those that mark a missing one. Codes have no fractions: beside
/// one, whole numbers with leading zeros are numbers, too.
bool are_numbers(const id_table& texts) {
  return are_all(texts, [](std::string_view text) { return number_in(text) || is_missing_mark(text); }) &&
         has_any(texts, number_in) && (!has_any(texts, is_code) || has_any(texts, has_fraction));
}

bool have_several(const column_texts& column) {
  std::size_t with = 0, several = 0;
  for (const auto text : column.of_rows)
    if (text != 0) {
      ++with;
      several += column.texts[text - 1].find('|') != std::string_view::npos ? 1 : 0;
    }
  return several * 20 >= with && several > 0;
}

template<class Parse>
attribute_column numeric(const column_texts& from, attribute_type type, Parse parse) {
  attribute_column column;
  column.name = from.name;
  column.type = type;
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  for (const auto text : from.of_rows)
    column.numbers.push_back(text == 0 ? missing : parse(from.texts[text - 1]).value_or(missing));
  return column;
}

/// Calls `take(label)` for each label of a field that is not empty.
template<class Take>
void for_each_label(std::string_view field, Take take) {
  for (std::size_t begin = 0; begin <= field.size();) {
    const auto end = std::min(field.find('|', begin), field.size());
    if (end > begin)
      take(field.substr(begin, end - begin));
    begin = end + 1;
  }
}

attribute_column textual(const column_texts& from) {
  attribute_column column;
  column.name = from.name;
  column.type = have_several(from) ? attribute_type::labels : attribute_type::text;
  for (const auto text : from.of_rows) {
    const auto add = [&](std::string_view label) {
      column.labels.push_back(column.texts.insert(label).first);
    };
    if (text != 0 && column.type == attribute_type::labels)
      for_each_label(from.texts[text - 1], add);
    else if (text != 0)
      add(from.texts[text - 1]);
    column.ends.push_back(column.labels.size());
  }
  return column;
}

attribute_column typed(const column_texts& from) {
  if (from.name == hidden_attribute)
    return numeric(from, attribute_type::boolean, truth_in);
  if (from.name == available_until_attribute)
    return numeric(from, attribute_type::number, time_in);
  if (are_all(from.texts, boolean_in))
    return numeric(from, attribute_type::boolean, boolean_in);
  if (are_numbers(from.texts))
    return numeric(from, attribute_type::number, number_in);
  return textual(from);
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// Reads the rows of the file into one `column_texts` per named column.
class attribute_reader {
public:
  attribute_reader(const std::filesystem::path& path, const csv_form& form, id_table& ids)
      : path_(path), form_(form), ids_(ids) {}

  result<void> take_header(csv_reader& file) {
    const auto& names = file.fields();
    fields_ = names.size();
    const auto id = std::find(names.begin(), names.end(), "item_id");
    id_ = id == names.end() ? 0 : static_cast<std::size_t>(id - names.begin());
    column_of_ids_ = id_column(path_, form_, id_);
    for (std::size_t field = 0; field < fields_; ++field)
      if (field != id_ && !names[field].empty()) {
        columns_.push_back({std::string(names[field]), {}, {}});
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
    if (fields[id_].empty())
      return file.refuse(fault::malformed, file.offset_of(id_), "expected an item's id, got \"\"");
    const auto [row, added] = ids_.insert(column_of_ids_.id_in(fields[id_], file.is_quoted(id_)));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      auto& column = columns_[i];
      if (added)
        column.of_rows.push_back(0);
      const auto text = without_blanks(fields[places_[i]]);
      if (text.empty()) {
        column.of_rows[row] = 0;
        continue;
      }
      const auto [index, is_new] = column.texts.insert(text);
      column.of_rows[row] = index + 1;
      if (is_new)
        if (auto fits = check(column, text, file, places_[i]); !fits)
          return fits;
    }
    return {};
  }

  std::vector<std::shared_ptr<const attribute_column>> finish() {
    std::vector<std::shared_ptr<const attribute_column>> typed_columns;
    for (auto& column : columns_) {
      column.of_rows.push_back(0); // the row of missing items
      typed_columns.push_back(std::make_shared<const attribute_column>(typed(column)));
    }
    return typed_columns;
  }

private:
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
