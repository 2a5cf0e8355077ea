#include "models/training/interactions/interaction_form.hpp"

#include "models/training/interactions/column_names.hpp"

namespace winnow {

namespace {

constexpr std::string_view double_colon = "::";

/// Fills in the columns if the fields are a header. Returns whether they are.
bool take_header(interaction_form& form, const std::vector<std::string_view>& fields) {
  const auto user = find_column(fields, column_role::user);
  const auto item = find_column(fields, column_role::item);
  if (!user || !item)
    return false;
  form.has_header = true;
  form.user = *user;
  form.item = *item;
  form.rating = find_column(fields, column_role::rating);
  form.time = find_column(fields, column_role::time);
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

result<interaction_form> tell_item_lists(std::string_view text) {
  interaction_form form;
  form.rows = interaction_form::layout::item_lists;
  form.text = {' ', false, true};
  form.ids_are_numbers = text.find_first_not_of(" 0123456789") == std::string_view::npos;
  return form;
}

result<interaction_form> tell_double_colon(csv_reader& first) {
  interaction_form form;
  form.rows = interaction_form::layout::double_colon;
  form.text = {'\n', false, true}; // a row is one field
  form.fields = count_fields(first.text(), double_colon);
  if (!take_positions(form))
    return first.refuse(fault::malformed, 0,
                        "expected user::item::rating::time, got " + std::to_string(form.fields) + " fields");
  return form;
}

/// @param first Reads the file with `delimiter`, positioned at its first record.
result<interaction_form> tell_columns(csv_reader& first, char delimiter) {
  interaction_form form;
  form.text = {delimiter, delimiter != '\t', true};
  form.fields = first.fields().size();
  if (take_header(form, first.fields()))
    return form;
  if (delimiter != '\t')
    return first.refuse(fault::malformed, 0,
                        "expected a header with the columns user_id and item_id, got \"" +
                            std::string(first.text().substr(0, 80)) + "\"");
  if (!take_positions(form))
    return first.refuse(fault::malformed, 0,
                        "expected a header with the columns user_id and item_id, or 2 to 4 fields, got " +
                            std::to_string(form.fields) + " fields");
  return form;
}

/// Opens the file and reads its first record.
result<csv_reader> open_at_first(const std::filesystem::path& path, const csv_form& form) {
  auto reader = csv_reader::open(path, form);
  if (!reader)
    return reader;
  const auto any = reader->next();
  if (!any)
    return tl::unexpected(any.error());
  if (!*any)
    return reader->refuse(fault::malformed, 0, "expected interactions, got an empty file");
  return reader;
}

} // namespace

result<interaction_form> tell_interaction_form(const std::filesystem::path& path) {
  auto line = open_at_first(path, {'\n', false, true});
  if (!line)
    return tl::unexpected(line.error());
  for (const char delimiter : {'\t', ',', ';'}) {
    if (line->text().find(delimiter) == std::string_view::npos)
      continue;
    auto first = open_at_first(path, {delimiter, delimiter != '\t', true});
    if (!first)
      return tl::unexpected(first.error());
    return tell_columns(*first, delimiter);
  }
  if (line->text().find(double_colon) != std::string_view::npos)
    return tell_double_colon(*line);
  return tell_item_lists(line->text());
}

} // namespace winnow
