#include "models/training/interactions/form/form_detection.hpp"

#include "config/text/number_text.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/foreign_format.hpp"
#include "models/training/interactions/columns/column_names.hpp"
#include "models/training/interactions/form/quoted_lines.hpp"

#include <algorithm>
#include <string>

namespace winnow {

namespace {

using layout = interaction_form::layout;

constexpr std::string_view delimiters = "\t,;| ";
constexpr std::size_t longest_shown = 80; // of a line, in messages

/// What may separate the fields of a file.
std::string delimiters_in(const csv_reader& file) {
  const auto named = file.named_separator();
  return named ? std::string(1, *named) : std::string(delimiters);
}

/// What a file begins with.
struct beginning {
  std::string line; ///< The first one.
  /// Whether the fields between tabs, or between double colons, stand in quotes.
  bool has_quotes_between_tabs = false, has_quotes_between_colons = false;
};

result<beginning> begin_of(csv_reader& file) {
  beginning start;
  start.line = file.text();
  const auto tabs = are_fields_quoted(file, start.line, "\t");
  if (!tabs)
    return tl::unexpected(tabs.error());
  const auto colons = are_fields_quoted(file, start.line, double_colon);
  if (!colons)
    return tl::unexpected(colons.error());
  start.has_quotes_between_tabs = *tabs;
  start.has_quotes_between_colons = *colons;
  return start;
}

csv_form dialect_of(char delimiter, const beginning& start) {
  return {delimiter, delimiter != '\t' || start.has_quotes_between_tabs, true, true};
}

/// A column that is chosen for another role is no rating or time by its name.
void leave_columns_to_chosen_roles(interaction_form& form, const chosen_columns& chosen) {
  for (const auto& facts : column_roles()) {
    auto& column = form.columns[facts.role];
    if (!column || facts.is_needed || !chosen[facts.role].empty())
      continue;
    const auto& roles = column_roles();
    if (std::any_of(roles.begin(), roles.end(), [&](const role_facts& other) {
          return other.role != facts.role && form.columns[other.role] == column;
        }))
      column.reset();
  }
}

/// Fills in the columns if the fields are a header. Returns whether they are.
bool take_header(interaction_form& form, const std::vector<std::string_view>& fields,
                 const chosen_columns& chosen) {
  const auto list = find_item_list(fields, chosen);
  for (const auto& facts : column_roles()) {
    auto& column = form.columns[facts.role];
    column = find_column(fields, facts.role, chosen);
    if (!column && facts.role == column_role::item)
      column = list;
    if (!column && (facts.is_needed || !chosen[facts.role].empty()))
      return false;
  }
  const auto item = form.columns[column_role::item];
  form.has_header = true;
  form.list = is_sequence(fields[*item]) ? item : list;
  leave_columns_to_chosen_roles(form, chosen);
  form.fields = fields.size();
  return true;
}

/// Assigns columns by position: `user item`, `user item rating` (or a count), `user item rating time`.
/// Returns whether the number of fields allows it.
bool take_positions(interaction_form& form) {
  if (form.fields < 2 || form.fields > number_of_roles)
    return false;
  const auto& roles = column_roles();
  for (std::size_t field = 0; field < form.fields; ++field)
    form.columns[roles[field].role] = field;
  return true;
}

/// Assigns the columns that are chosen by their places. Returns whether the row has them.
bool take_places(interaction_form& form, const chosen_columns& chosen) {
  for (const auto& facts : column_roles()) {
    if (chosen[facts.role].empty())
      continue;
    const auto place = parse_integer<std::size_t>(chosen[facts.role]).value_or(0);
    if (place < 1 || place > form.fields)
      return false;
    form.columns[facts.role] = place - 1;
  }
  return true;
}

/// Whether the line is a header of RecBole, whatever separates its fields.
bool is_typed_line(std::string_view line) {
  return std::any_of(delimiters.begin(), delimiters.end(), [&](char delimiter) {
    const auto fields = split_at(line, {&delimiter, 1});
    return fields.size() > 1 && is_typed_header(fields);
  });
}

/// Looks for a file in which the current record is a header, whatever separates its fields.
std::optional<interaction_form> detect_header(csv_reader& file, const beginning& start,
                                              const chosen_columns& chosen) {
  const auto& line = start.line;
  for (const char delimiter : delimiters_in(file)) {
    if (line.find(delimiter) == std::string::npos)
      continue;
    interaction_form form;
    form.text = dialect_of(delimiter, start);
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

/// The form of a header, unless another column has the name of one of its columns.
result<interaction_form> with_unique_names(csv_reader& file, const interaction_form& form,
                                           const chosen_columns& chosen) {
  const auto header = fields_of(file, form);
  for (const auto& facts : column_roles()) {
    const auto found = form.columns[facts.role];
    const auto other = found ? find_namesake(header, *found, facts.role, chosen) : std::nullopt;
    if (other)
      return file.refuse(fault::malformed, 0,
                         "expected one column of the " + std::string(facts.name) + ", got " +
                             quoted_field(header[*found]) + " and " + quoted_field(header[*other]) +
                             " (columns " + std::to_string(*found + 1) + " and " +
                             std::to_string(*other + 1) +
                             "): --columns user=…,item=… says which, by other names or by places");
  }
  return form;
}

tl::unexpected<error> refuse_columns(const csv_reader& file, const std::string& line,
                                     const chosen_columns& chosen) {
  std::string wanted;
  for (const auto& facts : column_roles()) {
    const auto& name = chosen[facts.role];
    if (name.empty() && !facts.is_needed)
      continue;
    wanted += wanted.empty() ? "the columns " : " and ";
    wanted += name.empty() ? std::string(facts.usual_column) : quoted_field(name);
  }
  if (chosen[column_role::user].empty() && chosen[column_role::item].empty())
    wanted += ", or --columns user=…,item=… with their names or places";
  return file.refuse(fault::malformed, 0,
                     "expected a header with " + wanted + ", got " + quoted_field(line, longest_shown));
}

/// The form, unless a column has two roles, which only a choice of columns can give it.
result<interaction_form> with_distinct_columns(const csv_reader& file, const interaction_form& form) {
  std::vector<std::size_t> columns;
  for (const auto& facts : column_roles())
    if (const auto column = form.columns[facts.role])
      columns.push_back(*column);
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

/// How the fields of a row without a header are separated; nullopt if that is unknown. Does not assign the
/// columns.
std::optional<interaction_form> separate_row(const csv_reader& file, const beginning& start, bool by_place,
                                             item_list_files lists) {
  const auto& line = start.line;
  const bool colons = line.find(double_colon) != std::string::npos;
  char delimiter = '\0';
  for (const char one : delimiters_in(file))
    if (delimiter == '\0' && line.find(one) != std::string::npos && !(colons && one == ' '))
      delimiter = one;
  const bool tabs_in_lists = lists == item_list_files::known_with_tabs && !by_place;
  const bool is_table = (delimiter == '\t' && !tabs_in_lists) || (by_place && !colons && delimiter != '\0');
  const bool is_named = file.named_separator().has_value();
  interaction_form form;
  form.text = is_table ? dialect_of(delimiter, start) : whole_lines;
  if (is_table)
    return form;
  if (!colons && !by_place && !is_named && delimiter != ',' && delimiter != ';') {
    form.rows = layout::item_lists;
    return form;
  }
  if (!colons || (delimiter != '\0' && !by_place))
    return std::nullopt;
  form.rows = layout::double_colon;
  return form;
}

/// The form of a row without a header, with its fields by position.
result<interaction_form> detect_row(csv_reader& file, const beginning& start, const chosen_columns& chosen,
                                    item_list_files lists) {
  const auto& line = start.line;
  const bool by_place = are_places(chosen);
  auto separated = separate_row(file, start, by_place, lists);
  if (!separated)
    return refuse_columns(file, line, chosen);
  auto& form = *separated;
  file.reread(form.text);
  if (const auto again = file.next(); !again)
    return tl::unexpected(again.error());
  if (form.rows == layout::item_lists)
    return form;
  form.fields = fields_of(file, form).size();
  form.has_header = by_place && (is_typed_line(line) || has_known_names(file, form));
  if (by_place && !take_places(form, chosen))
    return file.refuse(fault::malformed, 0,
                       "--columns names more than the " + std::to_string(form.fields) + " fields of the row");
  if (!by_place && !take_positions(form))
    return file.refuse(
        fault::malformed, 0,
        form.rows == layout::double_colon
            ? "expected user::item::rating::time, got " + std::to_string(form.fields) + " fields"
            : "expected a header with the columns user_id and item_id, or 2 to 4 fields, got " +
                  std::to_string(form.fields) + " fields");
  return with_distinct_columns(file, form);
}

} // namespace

result<interaction_form> detect_interaction_form(csv_reader& file, const chosen_columns& chosen,
                                                 item_list_files lists) {
  const auto start = begin_of(file);
  if (!start)
    return tl::unexpected(start.error());
  const auto& line = start->line;
  if (is_json_line(line))
    return file.refuse(fault::malformed, 0,
                       "expected a table as text (CSV), got JSON; Spark writes CSV with df.write.csv");
  if (start->has_quotes_between_colons)
    return file.refuse(fault::malformed, 0,
                       "expected fields without quotes between \"::\", got " +
                           quoted_field(line, longest_shown));
  if (are_places(chosen))
    return detect_row(file, *start, chosen, lists);
  if (const auto form = detect_header(file, *start, chosen))
    return with_distinct_columns(file, *form).and_then([&](const interaction_form& one) {
      return with_unique_names(file, one, chosen);
    });
  if (is_typed_line(line) || any_chosen(chosen))
    return refuse_columns(file, line, chosen);
  return detect_row(file, *start, chosen, lists);
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
        if (const auto fields = split_at(line, "\t").size(); fields < 2 || fields > number_of_roles)
          return true;
      if (!users.insert(line.substr(0, line.find('\t'))).second)
        return false;
    }
    if (!more)
      return more;
  }
  return true;
}

} // namespace winnow
