#include "models/training/interactions/form/interaction_form.hpp"

#include "models/files/csv_field.hpp"

#include <algorithm>

namespace winnow {

using layout = interaction_form::layout;

namespace {

/// The layout as a phrase, such as `a table with a header, separated by ","`.
std::string layout_name(const interaction_form& form) {
  if (form.rows == layout::item_lists)
    return "lists (user item item …)";
  const auto separator =
      form.rows == layout::double_colon ? double_colon : std::string_view(&form.text.delimiter, 1);
  return (form.has_header ? "a table with a header" : "rows of " + std::to_string(form.fields) + " fields") +
         ", separated by " + quoted_field(separator);
}

/// What the columns of a table hold: `user, item, time`. Empty for lists.
std::string held_by_columns(const interaction_form& form) {
  std::string names;
  for (const auto& facts : column_roles())
    if (form.columns[facts.role])
      names += (names.empty() ? "" : ", ") + std::string(facts.name);
  return form.list ? names + ", list of items" : names;
}

} // namespace

void split_at(std::string_view text, std::string_view delimiter, std::vector<std::string_view>& into) {
  into.clear();
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(delimiter, at), text.size());
    into.push_back(text.substr(at, end - at));
    at = end + delimiter.size();
  }
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view delimiter) {
  std::vector<std::string_view> parts;
  split_at(text, delimiter, parts);
  return parts;
}

std::vector<std::string_view> fields_of(csv_reader& file, const interaction_form& form) {
  return form.rows == layout::double_colon ? split_at(file.text(), double_colon) : file.fields();
}

std::string expected_of_part(const interaction_form& first, const interaction_form& other) {
  const bool is_same_layout = first.rows == other.rows && first.text.delimiter == other.text.delimiter &&
                              first.has_header == other.has_header &&
                              (first.has_header || first.fields == other.fields);
  if (!is_same_layout)
    return layout_name(first);
  const auto held = held_by_columns(first);
  return held == held_by_columns(other) ? "" : "a table with the columns " + held;
}

} // namespace winnow
