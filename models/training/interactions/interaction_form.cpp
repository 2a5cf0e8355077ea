#include "models/training/interactions/interaction_form.hpp"

#include "config/text/ascii.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/foreign_format.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace winnow {

namespace {

using layout = interaction_form::layout;

constexpr std::string_view delimiters = "\t,;| ";

constexpr std::string_view double_colon = "::";
constexpr std::size_t longest_shown = 80;
constexpr std::size_t most_columns = 4; // user, item, rating, time

/// What may separate the fields of a file.
std::string delimiters_in(const csv_reader& file) {
  const auto named = file.named_separator();
  return named ? std::string(1, *named) : std::string(delimiters);
}

/// Whether a word between blanks may be an id; if not, it is part of a message or a drawing.
bool may_be_id(std::string_view word) {
  const auto is_letter_or_digit = [](char c) {
    return is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80;
  };
  constexpr std::string_view ends_of_phrases = "'.:!?";
  return std::any_of(word.begin(), word.end(), is_letter_or_digit) &&
         word.find_first_of("\"`()[]{}<>") == std::string_view::npos && word.front() != '\'' &&
         ends_of_phrases.find(word.back()) == std::string_view::npos;
}

constexpr csv_form dialect_of(char delimiter) {
  return {delimiter, delimiter != '\t', true, true};
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view delimiter) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(delimiter, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + delimiter.size();
  }
  return parts;
}

/// Fills in the columns if the fields are a header. Returns whether they are.
bool take_header(interaction_form& form, const std::vector<std::string_view>& fields,
                 const chosen_columns& chosen) {
  const auto user = find_column(fields, column_role::user, chosen);
  const auto list = find_item_list(fields, chosen);
  auto item = find_column(fields, column_role::item, chosen);
  item = item ? item : list;
  form.rating = find_column(fields, column_role::rating, chosen);
  form.time = find_column(fields, column_role::time, chosen);
  if (!user || !item || (!chosen.rating.empty() && !form.rating) || (!chosen.time.empty() && !form.time))
    return false;
  form.has_header = true;
  form.user = *user;
  form.item = *item;
  form.list = is_sequence(fields[*item]) ? item : list;
  // A column that is chosen for another role is no rating or time by its name.
  if (chosen.rating.empty() && (form.rating == user || form.rating == item || form.rating == form.time))
    form.rating.reset();
  if (chosen.time.empty() && (form.time == user || form.time == item || form.time == form.rating))
    form.time.reset();
  form.fields = fields.size();
  return true;
}

/// Assigns columns by position: `user item`, `user item rating` (or a count), `user item rating time`.
/// Returns whether the number of fields allows it.
bool take_positions(interaction_form& form) {
  if (form.fields < 2 || form.fields > most_columns)
    return false;
  if (form.fields > 2)
    form.rating = 2;
  if (form.fields > 3)
    form.time = 3;
  return true;
}

/// Assigns the columns that are chosen by their places. Returns whether the row has them.
bool take_places(interaction_form& form, const chosen_columns& chosen) {
  const auto index = [&](const std::string& place) {
    std::size_t number = 0;
    std::from_chars(place.data(), place.data() + place.size(), number);
    return number - 1;
  };
  form.user = index(chosen.user);
  form.item = index(chosen.item);
  form.rating = chosen.rating.empty() ? std::nullopt : std::optional(index(chosen.rating));
  form.time = chosen.time.empty() ? std::nullopt : std::optional(index(chosen.time));
  return form.user < form.fields && form.item < form.fields && form.rating.value_or(0) < form.fields &&
         form.time.value_or(0) < form.fields;
}

/// Whether the line is a header of RecBole, whatever separates its fields.
bool is_typed_line(std::string_view line) {
  return std::any_of(delimiters.begin(), delimiters.end(), [&](char delimiter) {
    const auto fields = split_at(line, {&delimiter, 1});
    return fields.size() > 1 && is_typed_header(fields);
  });
}

/// Looks for a file in which the current record is a header, whatever separates its fields.
std::optional<interaction_form> detect_header(csv_reader& file, const std::string& line,
                                              const chosen_columns& chosen) {
  for (const char delimiter : delimiters_in(file)) {
    if (line.find(delimiter) == std::string::npos)
      continue;
    interaction_form form;
    form.text = dialect_of(delimiter);
    file.reread(form.text);
    if (const auto again = file.next(); again && *again && take_header(form, file.fields(), chosen))
      return form;
  }
  if (line.find(double_colon) == std::string::npos)
    return std::nullopt;
  interaction_form form;
  form.rows = layout::double_colon;
  form.text = whole_lines;
  file.reread(form.text);
  const auto again = file.next();
  const bool is_header = again && *again && take_header(form, split_at(line, double_colon), chosen);
  return is_header ? std::optional(form) : std::nullopt;
}

constexpr std::pair<column_role, const char*> roles[] = {{column_role::user, "user"},
                                                         {column_role::item, "item"},
                                                         {column_role::rating, "rating"},
                                                         {column_role::time, "time"}};

/// The form of a header, unless another column has the name of one of its columns.
result<interaction_form> with_unique_names(csv_reader& file, const interaction_form& form,
                                           const chosen_columns& chosen) {
  const auto header = fields_of(file, form);
  for (const auto& [role, name] : roles) {
    const auto found = form.column_of(role);
    const auto other = found ? find_namesake(header, *found, role, chosen) : std::nullopt;
    if (other)
      return file.refuse(fault::malformed, 0,
                         std::string("expected one column of the ") + name + ", got " +
                             quoted_field(header[*found]) + " and " + quoted_field(header[*other]) +
                             " (columns " + std::to_string(*found + 1) + " and " +
                             std::to_string(*other + 1) +
                             "): --columns user=…,item=… says which, by other names or by places");
  }
  return form;
}

tl::unexpected<error> refuse_columns(const csv_reader& file, const std::string& line,
                                     const chosen_columns& chosen) {
  const auto name = [](const std::string& by_user, const char* otherwise) {
    return by_user.empty() ? otherwise : quoted_field(by_user);
  };
  auto wanted = "the columns " + name(chosen.user, "user_id") + " and " + name(chosen.item, "item_id");
  for (const auto* more : {&chosen.rating, &chosen.time})
    wanted += more->empty() ? "" : " and " + quoted_field(*more);
  if (chosen.user.empty() && chosen.item.empty())
    wanted += ", or --columns user=…,item=… with their names or places";
  return file.refuse(fault::malformed, 0,
                     "expected a header with " + wanted + ", got " + quoted_field(line, longest_shown));
}

/// The form, unless a column has two roles, which only a choice of columns can give it.
result<interaction_form> with_distinct_columns(const csv_reader& file, const interaction_form& form) {
  if (form.rows == layout::item_lists)
    return form;
  std::vector<std::size_t> columns = {form.user, form.item};
  for (const auto& more : {form.rating, form.time})
    if (more)
      columns.push_back(*more);
  std::sort(columns.begin(), columns.end());
  const auto twice = std::adjacent_find(columns.begin(), columns.end());
  if (twice == columns.end())
    return form;
  return file.refuse(fault::malformed, 0,
                     "expected different columns for user, item, rating and time, got column " +
                         std::to_string(*twice + 1) + " for two of them");
}

/// Whether the names of public data sets are in the record, as they are in a header.
bool has_known_names(csv_reader& file, const interaction_form& form) {
  interaction_form ignored;
  return take_header(ignored, fields_of(file, form), {});
}

/// The form of a row without a header, with its fields by position.
result<interaction_form> detect_row(csv_reader& file, const std::string& line, const chosen_columns& chosen,
                                    item_list_files lists) {
  interaction_form form;
  const bool by_place = are_places(chosen);
  const bool colons = line.find(double_colon) != std::string::npos;
  char delimiter = '\0';
  for (const char one : delimiters_in(file))
    if (delimiter == '\0' && line.find(one) != std::string::npos && !(colons && one == ' '))
      delimiter = one;
  const bool tabs_in_lists = lists == item_list_files::known_with_tabs && !by_place;
  const bool is_table = (delimiter == '\t' && !tabs_in_lists) || (by_place && !colons && delimiter != '\0');
  const bool is_named = file.named_separator().has_value();
  if (!is_table && !colons && !by_place && !is_named && delimiter != ',' && delimiter != ';') {
    form.rows = layout::item_lists;
    form.text = whole_lines;
  } else if (is_table) {
    form.text = dialect_of(delimiter);
  } else if (colons && (delimiter == '\0' || by_place)) {
    form.rows = layout::double_colon;
    form.text = whole_lines;
    form.fields = split_at(line, double_colon).size();
  } else {
    return refuse_columns(file, line, chosen);
  }
  file.reread(form.text);
  if (const auto again = file.next(); !again)
    return tl::unexpected(again.error());
  if (form.rows == layout::columns)
    form.fields = file.fields().size();
  form.has_header = by_place && (is_typed_line(line) || has_known_names(file, form));
  if (by_place && form.rows != layout::item_lists) {
    if (!take_places(form, chosen))
      return file.refuse(fault::malformed, 0,
                         "--columns names more than the " + std::to_string(form.fields) +
                             " fields of the row");
  } else if (form.rows != layout::item_lists && !take_positions(form)) {
    return file.refuse(
        fault::malformed, 0,
        form.rows == layout::double_colon
            ? "expected user::item::rating::time, got " + std::to_string(form.fields) + " fields"
            : "expected a header with the columns user_id and item_id, or 2 to 4 fields, got " +
                  std::to_string(form.fields) + " fields");
  }
  return with_distinct_columns(file, form);
}

} // namespace

result<interaction_form> detect_interaction_form(csv_reader& file, const chosen_columns& chosen,
                                                 item_list_files lists) {
  const std::string line(file.text());
  const bool by_name = !are_places(chosen);
  if (is_json_line(line))
    return file.refuse(fault::malformed, 0,
                       "expected a table as text (CSV), got JSON; Spark writes CSV with df.write.csv");
  if (by_name)
    if (const auto form = detect_header(file, line, chosen))
      return with_distinct_columns(file, *form).and_then([&](const interaction_form& one) {
        return with_unique_names(file, one, chosen);
      });
  if (by_name && is_typed_line(line))
    return refuse_columns(file, line, chosen);
  if (by_name &&
      !(chosen.user.empty() && chosen.item.empty() && chosen.rating.empty() && chosen.time.empty()))
    return refuse_columns(file, line, chosen);
  return detect_row(file, line, chosen, lists);
}

std::optional<std::size_t> interaction_form::column_of(column_role role) const {
  switch (role) {
  case column_role::user:
    return user;
  case column_role::item:
    return item;
  case column_role::rating:
    return rating;
  case column_role::time:
    return time;
  }
  return std::nullopt;
}

std::vector<std::string_view> fields_of(csv_reader& file, const interaction_form& form) {
  return form.rows == layout::double_colon ? split_at(file.text(), double_colon) : file.fields();
}

result<bool> has_tabs_between_items(const std::vector<std::filesystem::path>& files) {
  id_table users;
  for (const auto& path : files) {
    auto file = csv_reader::open(path, whole_lines);
    if (!file)
      return tl::unexpected(file.error());
    auto more = file->next();
    for (; more && *more; more = file->next()) {
      const auto line = file->text();
      if (users.empty())
        if (const auto fields = split_at(line, "\t").size(); fields < 2 || fields > most_columns)
          return true;
      if (!users.insert(line.substr(0, line.find('\t'))).second)
        return false;
    }
    if (!more)
      return more;
  }
  return true;
}

tl::unexpected<error> refuse_item_list(const csv_reader& file, std::size_t offset, const std::string& why) {
  return file.refuse(fault::malformed, offset,
                     expected_item_lists + quoted_field(file.text(), longest_shown) + ": " + why);
}

result<void> check_item_list(const csv_reader& file) {
  const auto line = file.text();
  const auto begin = std::min(line.find_first_not_of(' '), line.size());
  for (const std::string_view mark : {"#", "%", "--"})
    if (line.substr(begin, mark.size()) == mark)
      return refuse_item_list(file, begin, "a list does not begin with " + quoted_field(mark));
  for (const std::string_view separator : {"\t", ",", ";", "|", "::"})
    if (const auto found = line.find(separator); found != std::string_view::npos)
      return refuse_item_list(file, found, "lists have blanks and no " + quoted_field(separator));
  for (const std::string_view separator : {"^", "~", "，"})
    if (const auto found = line.find(separator); found != std::string_view::npos)
      return refuse_item_list(
          file, found, "lists have blanks and no " + quoted_field(separator) + "; " + known_separators);
  for (auto at = begin; at < line.size();) {
    const auto end = std::min(line.find(' ', at), line.size());
    if (const auto word = line.substr(at, end - at); !may_be_id(word))
      return refuse_item_list(file, at, quoted_field(word) + " is no id");
    at = std::min(line.find_first_not_of(' ', end), line.size());
  }
  return {};
}

bool is_same_layout(const interaction_form& first, const interaction_form& other) {
  return first.rows == other.rows && first.text.delimiter == other.text.delimiter &&
         first.has_header == other.has_header && (first.has_header || first.fields == other.fields);
}

std::string layout_name(const interaction_form& form) {
  if (form.rows == layout::item_lists)
    return "lists (user item item …)";
  const auto separator =
      form.rows == layout::double_colon ? double_colon : std::string_view(&form.text.delimiter, 1);
  return (form.has_header ? "a table with a header" : "rows of " + std::to_string(form.fields) + " fields") +
         ", separated by " + quoted_field(separator);
}

} // namespace winnow
