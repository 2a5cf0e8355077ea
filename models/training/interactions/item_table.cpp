#include "models/training/interactions/item_table.hpp"

#include "models/files/foreign_format.hpp"
#include "models/files/part_files.hpp"
#include "models/training/interactions/columns/column_names.hpp"
#include "models/training/interactions/form/quoted_lines.hpp"

#include <string>
#include <utility>

namespace winnow {

namespace {

/// Reads the header, too. @return nullopt if the file is empty.
result<std::optional<csv_reader>> open_item_table(const std::filesystem::path& path,
                                                  const chosen_columns& chosen) {
  auto file = csv_reader::open(path, {'\n', false, true, false});
  if (!file)
    return tl::unexpected(file.error());
  const auto any = file->next();
  if (!any)
    return tl::unexpected(any.error());
  if (!*any)
    return std::nullopt;
  if (is_json_line(file->text()))
    return file->refuse(fault::malformed, 0, "expected a table as text (CSV) with a header, got JSON");
  const auto quoted_tabs = are_fields_quoted(*file, std::string(file->text()), "\t");
  if (!quoted_tabs)
    return tl::unexpected(quoted_tabs.error());
  csv_form best;
  std::size_t most = 1;
  bool with_id = false;
  const auto named = file->named_separator();
  for (const char delimiter : named ? std::string(1, *named) : std::string("\t,;|")) {
    const csv_form form{delimiter, delimiter != '\t' || *quoted_tabs, true, true};
    file->reread(form);
    const auto again = file->next();
    if (!again || !*again || file->fields().size() < 2)
      continue;
    const bool has_id = item_id_field(file->fields(), chosen).has_value();
    if ((has_id && !with_id) || (has_id == with_id && file->fields().size() > most)) {
      best = form;
      most = file->fields().size();
      with_id = has_id;
    }
  }
  if (most < 2)
    return fail(fault::malformed,
                path.string() + ":1:1: expected a header with an item's id and at least one column");
  file->reread(best);
  if (const auto again = file->next(); !again)
    return tl::unexpected(again.error());
  return std::optional(std::move(*file));
}

} // namespace

std::optional<std::size_t> item_id_field(const std::vector<std::string_view>& header,
                                         const chosen_columns& chosen) {
  const auto found = find_column(header, column_role::item, chosen);
  return found ? found : find_column(header, column_role::item);
}

result<void> for_each_item_table(const std::filesystem::path& path, const chosen_columns& chosen,
                                 const std::function<result<void>(csv_reader&)>& read) {
  const auto parts = part_files_of(path);
  if (!parts)
    return tl::unexpected(parts.error());
  for (const auto& part : *parts) {
    auto file = open_item_table(part, chosen);
    if (!file)
      return tl::unexpected(file.error());
    if (!*file)
      continue;
    if (auto done = read(**file); !done)
      return done;
  }
  return {};
}

} // namespace winnow
