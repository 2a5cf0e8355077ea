#include "models/training/interactions/interaction_rows.hpp"

#include "models/training/interactions/number_text.hpp"
#include "models/training/interactions/unix_time.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Calls `each` for every word between blanks until it returns false. Returns whether it never returned
/// false.
template<class Function>
bool each_word(std::string_view text, Function each) {
  for (auto at = text.find_first_not_of(' '); at != std::string_view::npos;
       at = text.find_first_not_of(' ', at)) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (!each(at, text.substr(at, end - at)))
      return false;
    at = end;
  }
  return true;
}

} // namespace

result<void> interaction_rows::read(const std::filesystem::path& path) {
  auto form = detect_interaction_form(path);
  if (!form)
    return tl::unexpected(form.error());
  form_ = *form;
  auto file = csv_reader::open(path, form_.text);
  if (!file)
    return tl::unexpected(file.error());
  log_.orders_users = form_.time && (log_.events.empty() || log_.orders_users);
  log_.has_times = form_.has_times() && (log_.events.empty() || log_.has_times);
  if (form_.has_header)
    if (auto header = file->next(); !header)
      return tl::unexpected(header.error());
  for (;;) {
    auto more = file->next();
    if (more && !*more)
      return {};
    if (!more && more.error().cause != fault::malformed)
      return tl::unexpected(more.error());
    ++report_.rows;
    if (auto read = more ? read_row(*file) : report_.refuse(more.error(), options_); !read)
      return read;
  }
}

result<void> interaction_rows::read_row(csv_reader& row) {
  if (form_.rows == interaction_form::layout::item_lists)
    return read_item_list(row);
  return read_columns(row);
}

void interaction_rows::split_double_colon(std::string_view text) {
  fields_.clear();
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find("::", at), text.size());
    fields_.push_back(text.substr(at, end - at));
    at = end + 2;
  }
}

result<void> interaction_rows::read_columns(csv_reader& row) {
  const bool by_colons = form_.rows == interaction_form::layout::double_colon;
  if (by_colons)
    split_double_colon(row.text());
  const auto& fields = by_colons ? fields_ : row.fields();
  const auto wrong = [&](std::size_t field, const char* wanted) {
    const auto offset =
        by_colons ? static_cast<std::size_t>(fields[field].data() - row.text().data()) : row.offset_of(field);
    return report_.refuse(
        row.refuse(fault::malformed, offset,
                   std::string("expected ") + wanted + ", got " + quoted_field(fields[field])),
        options_);
  };
  if (fields.size() != form_.fields)
    return report_.refuse(row.refuse(fault::malformed, 0,
                                     "expected " + std::to_string(form_.fields) + " fields, got " +
                                         std::to_string(fields.size())),
                          options_);
  for (const auto id : {form_.user, form_.item})
    if (fields[id].empty())
      return wrong(id, id == form_.user ? "a user's id" : "an item's id");

  auto time = static_cast<std::int64_t>(log_.events.size());
  if (form_.time) {
    const auto parsed = parse_unix_time(fields[*form_.time]);
    if (!parsed)
      return wrong(*form_.time, "a time (Unix or ISO 8601)");
    time = *parsed;
  }
  if (form_.rating) {
    const auto rating = parse_decimal(fields[*form_.rating]);
    if (!rating)
      return wrong(*form_.rating, "a rating");
    if (*rating < options_.least_rating) {
      ++report_.below;
      return {};
    }
  }
  log_.events.push_back(
      {log_.users.insert(fields[form_.user]).first, log_.items.insert(fields[form_.item]).first, time});
  return {};
}

result<void> interaction_rows::read_item_list(csv_reader& row) {
  const auto text = row.text();
  if (form_.ids_are_numbers) {
    std::size_t wrong = 0;
    std::string_view word;
    const auto check = [&](std::size_t at, std::string_view id) {
      wrong = at;
      word = id;
      return id.find_first_not_of("0123456789") == std::string_view::npos;
    };
    if (!each_word(text, check))
      return report_.refuse(
          row.refuse(fault::malformed, wrong, "expected a number as id, got " + quoted_field(word)),
          options_);
  }
  std::optional<id_table::index> user;
  each_word(text, [&](std::size_t, std::string_view id) {
    if (user)
      log_.events.push_back(
          {*user, log_.items.insert(id).first, static_cast<std::int64_t>(log_.events.size())});
    else
      user = log_.users.insert(id).first;
    return true;
  });
  return {};
}

void interaction_rows::finish() {
  const auto earlier = [](const interaction& a, const interaction& b) { return a.time < b.time; };
  if (!std::is_sorted(log_.events.begin(), log_.events.end(), earlier))
    std::stable_sort(log_.events.begin(), log_.events.end(), earlier);
  drop_duplicates();
}

void interaction_rows::drop_duplicates() {
  auto& events = log_.events;
  // Groups the events by user in one piece of memory; then one mark an item shows whether the user had it.
  std::vector<std::size_t> next(log_.users.size() + 1, 0);
  for (const auto& event : events)
    ++next[event.user + 1];
  for (std::size_t user = 0; user < log_.users.size(); ++user)
    next[user + 1] += next[user];
  std::vector<std::size_t> of_users(events.size());
  for (std::size_t i = 0; i < events.size(); ++i)
    of_users[next[events[i].user]++] = i;
  std::vector<std::uint32_t> last_user(log_.items.size(), 0);
  std::vector<bool> repeated(events.size(), false);
  for (const auto i : of_users) {
    auto& mark = last_user[events[i].item];
    repeated[i] = mark == events[i].user + 1;
    mark = events[i].user + 1;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < events.size(); ++i)
    if (!repeated[i])
      events[kept++] = events[i];
  report_.duplicates += events.size() - kept;
  events.resize(kept);
}

} // namespace winnow
