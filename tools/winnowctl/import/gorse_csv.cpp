#include "tools/winnowctl/import/gorse_csv.hpp"

#include "models/files/csv_reader.hpp"

#include <algorithm>
#include <map>

namespace winnow {

namespace {

/// The places of the columns by name.
class header {
public:
  explicit header(const std::vector<std::string_view>& names) {
    for (std::size_t at = 0; at < names.size(); ++at)
      places_.emplace(std::string(names[at]), at);
    count_ = names.size();
  }

  bool has(const char* name) const { return places_.count(name) != 0; }
  std::size_t count() const { return count_; }

  std::string field(const std::vector<std::string_view>& row, const char* name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? std::string() : std::string(row[found->second]);
  }

private:
  std::map<std::string, std::size_t> places_;
  std::size_t count_ = 0;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('|', begin), text.size());
    if (end > begin)
      parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_true(const std::string& text) {
  return text == "true" || text == "1" || text == "True" || text == "TRUE";
}

/// Takes one row, or leaves it out.
void read_row(const header& columns, const std::vector<std::string_view>& row, const std::string& where,
              gorse_sink& into) {
  if (row.size() != columns.count())
    return into.leave_out(where, "expected " + std::to_string(columns.count()) + " fields, got " +
                                     std::to_string(row.size()));
  if (columns.has("feedback_type")) {
    gorse_feedback one{columns.field(row, "feedback_type"),
                       columns.field(row, "user_id"),
                       columns.field(row, "item_id"),
                       {}};
    const auto time = columns.field(row, "time_stamp");
    if (one.type.empty() || one.user.empty() || one.item.empty())
      return into.leave_out(where, "expected a type, a user and an item");
    if (!read_gorse_time(time, one.time))
      return into.leave_out(where, "expected a time, got \"" + time + "\"");
    return into.take(std::move(one));
  }
  if (!columns.has("item_id"))
    return into.take_user();
  gorse_item one{columns.field(row, "item_id"), is_true(columns.field(row, "is_hidden")),
                 columns.field(row, "description"), split(columns.field(row, "categories")),
                 split(columns.field(row, "labels"))};
  if (one.id.empty())
    return into.leave_out(where, "expected an item");
  into.take(std::move(one));
}

/// Leaves out a row that is no CSV. @param message Begins with the file, the line and the column.
void leave_out_damaged(const std::string& path, const std::string& message, gorse_sink& into) {
  const auto colon = message.find(": ", std::min(path.size(), message.size()));
  if (colon == std::string::npos)
    return into.leave_out(path, message);
  into.leave_out(message.substr(0, colon), message.substr(colon + 2));
}

} // namespace

result<void> read_gorse_csv(const std::string& path, gorse_sink& into) {
  csv_form form;
  form.gzip = true;
  auto rows = csv_reader::open(path, form);
  if (!rows)
    return tl::unexpected(rows.error());
  const auto first = rows->next();
  if (!first)
    return tl::unexpected(first.error());
  const header columns(*first ? rows->fields() : std::vector<std::string_view>());
  const bool known = columns.has("feedback_type") ? columns.has("user_id") && columns.has("item_id")
                                                  : columns.has("item_id") || columns.has("user_id");
  if (!known)
    return fail(fault::malformed,
                path +
                    ": expected an export of Gorse: JSON lines, a dump, or a CSV header with feedback_type, "
                    "user_id and item_id, or item_id, or user_id");
  for (;;) {
    const auto more = rows->next();
    if (!more && more.error().cause == fault::malformed)
      leave_out_damaged(path, more.error().message, into);
    else if (!more)
      return tl::unexpected(more.error());
    else if (!*more)
      return {};
    else
      read_row(columns, rows->fields(), path + ":" + std::to_string(rows->line()), into);
  }
}

} // namespace winnow
