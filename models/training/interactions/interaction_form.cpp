#include "models/training/interactions/interaction_form.hpp"

#include "models/files/csv_field.hpp"
#include "models/files/foreign_format.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace winnow {

namespace {

using layout = interaction_form::layout;

constexpr char delimiters[] = {'\t', ',', ';', '|', ' '};

constexpr std::string_view double_colon = "::";
constexpr std::size_t longest_shown = 80;

constexpr csv_form dialect_of(char delimiter) {
  return {delimiter, delimiter != '\t', true, true};
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
  form.fields = fields.size();
  return true;
}

std::size_t count_fields(std::string_view text, std::string_view delimiter) {
  std::size_t count = 1;
  for (auto at = text.find(delimiter); at != std::string_view::npos;
       at = text.find(delimiter, at + delimiter.size()))
    ++count;
  return count;
}

/// Assigns columns by position: `user item`, `user item rating` (or a count), `user item rating time`.
/// Returns whether the number of fields allows it.
bool take_positions(interaction_form& form) {
  if (form.fields < 2 || form.fields > 4)
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
  return std::any_of(std::begin(delimiters), std::end(delimiters), [&](char delimiter) {
    std::vector<std::string_view> fields;
    for (std::size_t at = 0; at <= line.size();) {
      const auto end = std::min(line.find(delimiter, at), line.size());
      fields.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    return fields.size() > 1 && is_typed_header(fields);
  });
}

/// Looks for a file in which the current record is a header, whatever separates its fields.
std::optional<interaction_form> detect_header(csv_reader& file, const std::string& line,
                                              const chosen_columns& chosen) {
  for (const char delimiter : delimiters) {
    if (line.find(delimiter) == std::string::npos)
      continue;
    interaction_form form;
    form.text = dialect_of(delimiter);
    file.reread(form.text);
    if (const auto again = file.next(); again && *again && take_header(form, file.fields(), chosen))
      return form;
  }
  return std::nullopt;
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

/// The form of a row without a header, with its fields by position.
result<interaction_form> detect_row(csv_reader& file, const std::string& line, const chosen_columns& chosen) {
  interaction_form form;
  const bool by_place = are_places(chosen);
  const bool colons = line.find(double_colon) != std::string::npos;
  char delimiter = '\0';
  for (const char one : delimiters)
    if (delimiter == '\0' && line.find(one) != std::string::npos && !(colons && one == ' '))
      delimiter = one;
  const bool is_table = delimiter == '\t' || (by_place && !colons && delimiter != '\0');
  if (!is_table && !colons && !by_place && delimiter != ',' && delimiter != ';') {
    form.rows = layout::item_lists;
    form.text = whole_lines;
  } else if (is_table) {
    form.text = dialect_of(delimiter);
  } else if (colons && (delimiter == '\0' || by_place)) {
    form.rows = layout::double_colon;
    form.text = whole_lines;
    form.fields = count_fields(line, double_colon);
  } else {
    return refuse_columns(file, line, chosen);
  }
  file.reread(form.text);
  if (const auto again = file.next(); !again)
    return tl::unexpected(again.error());
  if (form.rows == layout::columns)
    form.fields = file.fields().size();
  form.has_header = by_place && is_typed_line(line);
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
  return form;
}

} // namespace

result<interaction_form> detect_interaction_form(csv_reader& file, const chosen_columns& chosen) {
  const std::string line(file.text());
  const bool by_name = !are_places(chosen);
  if (is_json_line(line))
    return file.refuse(fault::malformed, 0,
                       "expected a table as text (CSV), got JSON; Spark writes CSV with df.write.csv");
  if (by_name)
    if (const auto form = detect_header(file, line, chosen))
      return *form;
  if (by_name && is_typed_line(line))
    return refuse_columns(file, line, chosen);
  if (by_name &&
      !(chosen.user.empty() && chosen.item.empty() && chosen.rating.empty() && chosen.time.empty()))
    return refuse_columns(file, line, chosen);
  return detect_row(file, line, chosen);
}

} // namespace winnow
