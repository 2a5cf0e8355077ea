#include "models/training/interactions/interaction_rows.hpp"

#include "config/text/ascii.hpp"
#include "config/text/number_text.hpp"
#include "config/text/unix_time.hpp"
#include "models/files/text_bytes.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Calls `each` for every word between blanks and tabs.
template<class Function>
void each_word(std::string_view text, Function each) {
  constexpr std::string_view blanks = " \t";
  for (auto at = text.find_first_not_of(blanks); at != std::string_view::npos;
       at = text.find_first_not_of(blanks, at)) {
    const auto end = std::min(text.find_first_of(blanks, at), text.size());
    each(text.substr(at, end - at));
    at = end;
  }
}

constexpr std::size_t most_checked_lists = 100;
constexpr std::size_t longest_shown = 80; // of a line, in messages

/// Whether the id is a word of letters, such as those of `404 page not found`.
bool is_word(std::string_view id) {
  return id.size() > 1 && std::all_of(id.begin(), id.end(), is_letter);
}

bool all_have_zero_fraction(const id_table& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (without_zero_fraction(ids[i]).size() == ids[i].size())
      return false;
  return !ids.empty();
}

} // namespace

result<bool> interaction_rows::read(const std::filesystem::path& path) {
  auto file = csv_reader::open(path, whole_lines);
  if (!file)
    return tl::unexpected(file.error());
  if (const auto first = file->next(); !first || !*first)
    return first;
  const auto form = detect_interaction_form(*file, options_.columns, lists_);
  if (!form)
    return tl::unexpected(form.error());
  form_ = *form;
  form_source_ = path.string();
  note_header_above_places();
  note_missing_ratings();
  note_rival_columns(*file);
  if (auto same = expect_form_of_first(*file); !same)
    return tl::unexpected(same.error());
  // The items of a list came before the time of their row.
  log_.orders_users = form_.time && !form_.list && (log_.events.empty() || log_.orders_users);
  log_.has_times = form_.has_times() && (log_.events.empty() || log_.has_times);
  users_ = {};
  items_ = {};
  listed_.clear();
  checked_lists_ = 0;
  all_pairs_ = true;
  any_user_again_ = false;
  lone_words_.clear();
  const auto first_event = log_.events.size();
  if (!form_.has_header)
    file->reread(form_.text);
  if (auto read = read_all(*file); !read)
    return tl::unexpected(read.error());
  if (auto lists = refuse_lone_words(); !lists)
    return tl::unexpected(lists.error());
  take_over_ids(first_event);
  return true;
}

/// Columns chosen by their places are usually those of a file without a header.
void interaction_rows::note_header_above_places() {
  if (form_.has_header && are_places(options_.columns) && !first_form_)
    report_.remarks.push_back(form_source_ + ": the first line is taken for a header, not for a row");
}

void interaction_rows::note_missing_ratings() {
  if (options_.least_rating > 0 && !form_.rating && !first_form_)
    report_.remarks.push_back(form_source_ +
                              ": the interactions have no ratings: none is left out for a low one");
}

void interaction_rows::note_rival_columns(csv_reader& file) {
  if (!form_.has_header || are_places(options_.columns) || first_form_)
    return;
  constexpr std::pair<column_role, const char*> roles[] = {{column_role::user, "user"},
                                                           {column_role::item, "item"},
                                                           {column_role::rating, "rating"},
                                                           {column_role::time, "time"}};
  const auto header = fields_of(file, form_);
  for (const auto& [role, name] : roles)
    if (const auto found = form_.column_of(role))
      for (const auto rival : find_rivals(header, *found, role, options_.columns))
        report_.remarks.push_back(form_source_ + ": the " + name + " is taken from the column " +
                                  quoted_field(header[*found]) + ", not from " + quoted_field(header[rival]) +
                                  "; --columns " + name + "=NAME names another one");
}

/// The parts of a folder are one table: one with another layout is a message or from elsewhere.
result<void> interaction_rows::expect_form_of_first(const csv_reader& file) {
  if (!first_form_) {
    first_form_ = form_;
    first_source_ = form_source_;
    return {};
  }
  if (is_same_layout(*first_form_, form_))
    return {};
  return file.refuse(fault::malformed, 0,
                     "expected " + layout_name(*first_form_) + ", as in " + first_source_ + ", got " +
                         quoted_field(file.text()));
}

result<void> interaction_rows::read_all(csv_reader& file) {
  return read_records(file, options_, report_, [this](csv_reader& row) { return read_row(row); });
}

/// Gives the events of a file the ids of the log. Where a column has an empty cell, pandas makes numbers with
/// a fraction of all its ids: `3` becomes `3.0`. If all are so, they lose it again.
void interaction_rows::take_over_ids(std::size_t first_event) {
  const auto move = [&](const id_table& from, id_table& to, const char* what) {
    const bool as_fractions = all_have_zero_fraction(from);
    std::vector<std::uint32_t> places;
    for (std::size_t i = 0; i < from.size(); ++i)
      places.push_back(to.insert(as_fractions ? without_zero_fraction(from[i]) : from[i]).first);
    if (as_fractions)
      report_.remarks.push_back(std::string("all ids of ") + what + " in " + form_source_ +
                                " end in .0, which pandas adds: they are read without it");
    return places;
  };
  const auto users = move(users_, log_.users, "users");
  const auto items = move(items_, log_.items, "items");
  for (auto event = first_event; event < log_.events.size(); ++event) {
    log_.events[event].user = users[log_.events[event].user];
    log_.events[event].item = items[log_.events[event].item];
  }
}

result<void> interaction_rows::read_row(csv_reader& row) {
  if (form_.rows == interaction_form::layout::item_lists)
    return read_item_list(row);
  return read_columns(row);
}

/// Counts a row whose id no program can show: it is damaged.
result<void> interaction_rows::refuse_control_characters(csv_reader& row, std::size_t offset,
                                                         std::string_view id) {
  return report_.refuse(row.refuse(fault::malformed, offset,
                                   "expected ids without control characters, got " + quoted_field(id)),
                        options_, "with control characters in an id");
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
  const auto offset_of = [&](std::size_t field) {
    return by_colons ? static_cast<std::size_t>(fields[field].data() - row.text().data())
                     : row.offset_of(field);
  };
  const auto wrong = [&](std::size_t field, const char* wanted, const char* what) {
    return report_.refuse(
        row.refuse(fault::malformed, offset_of(field),
                   std::string("expected ") + wanted + ", got " + quoted_field(fields[field])),
        options_, what);
  };
  if (fields.size() != form_.fields)
    return report_.refuse(row.refuse(fault::malformed, 0,
                                     "expected " + std::to_string(form_.fields) + " fields, got " +
                                         std::to_string(fields.size())),
                          options_, "with another number of fields");
  if (fields[form_.user].empty())
    return wrong(form_.user, "a user's id", "without a user's id");
  if (fields[form_.item].empty())
    return wrong(form_.item, "an item's id", "without an item's id");
  if (row.has_controls())
    for (const auto id : {form_.user, form_.item, form_.list.value_or(form_.item)})
      if (has_control_characters(fields[id]))
        return refuse_control_characters(row, offset_of(id), fields[id]);

  auto time = static_cast<std::int64_t>(log_.events.size());
  if (form_.time) {
    const auto parsed = parse_unix_time(fields[*form_.time]);
    if (!parsed)
      return wrong(*form_.time, "a time (Unix or ISO 8601)", "without a time");
    time = *parsed;
  }
  // An interaction without a rating is one still, unless low ratings are to be left out.
  if (form_.rating && !(fields[*form_.rating].empty() && options_.least_rating <= 0)) {
    const auto rating = parse_decimal(fields[*form_.rating]);
    if (!rating)
      return wrong(*form_.rating, "a rating", "without a rating");
    if (*rating < options_.least_rating) {
      ++report_.below;
      return {};
    }
  }
  if (form_.list)
    take_list(fields, time);
  else
    log_.events.push_back(
        {users_.insert(fields[form_.user]).first, items_.insert(fields[form_.item]).first, time});
  return {};
}

/// Takes the items of a row's list, and then its item. RecBole writes a session as several rows, each with
/// the list of the one before it and one item more: what is known of the user is no repetition.
void interaction_rows::take_list(const std::vector<std::string_view>& fields, std::int64_t time) {
  const auto user = users_.insert(fields[form_.user]).first;
  const auto take = [&](std::string_view id) {
    const auto item = items_.insert(id).first;
    constexpr unsigned bits_of_item = 32;
    if (listed_.insert(std::uint64_t{user} << bits_of_item | item).second)
      log_.events.push_back({user, item, form_.time ? time : static_cast<std::int64_t>(log_.events.size())});
  };
  each_word(fields[*form_.list], take);
  if (*form_.list != form_.item)
    take(fields[form_.item]);
}

result<void> interaction_rows::read_item_list(csv_reader& row) {
  if (row.has_controls() && has_control_characters(row.text()))
    return refuse_control_characters(row, 0, row.text());
  const bool is_checked = lists_ == item_list_files::guessed && checked_lists_ < most_checked_lists;
  if (is_checked)
    if (auto checked = check_item_list(row); !checked)
      return checked;
  if (first_list_.empty())
    first_list_ =
        row.refuse(fault::malformed, 0, expected_item_lists + quoted_field(row.text(), longest_shown))
            .value()
            .message;
  std::optional<id_table::index> user;
  bool is_new_user = false, are_words = true;
  std::size_t items = 0;
  each_word(row.text(), [&](std::string_view id) {
    if (user) {
      log_.events.push_back({*user, items_.insert(id).first, static_cast<std::int64_t>(log_.events.size())});
      are_words = are_words && is_word(id);
      ++items;
    } else {
      const auto [index, is_new] = users_.insert(id);
      user = index;
      is_new_user = is_new;
    }
  });
  report_.without_items += items == 0 ? 1 : 0;
  return is_checked && user ? check_lists(row, is_new_user, items, are_words) : result<void>();
}

/// Refuses several lists of a user: they are rows of a table without a header, or text. Pairs mean the same
/// as a table and as lists.
result<void> interaction_rows::check_lists(const csv_reader& row, bool is_new_user, std::size_t items,
                                           bool are_words) {
  ++checked_lists_;
  all_pairs_ = all_pairs_ && items == 1;
  any_user_again_ = any_user_again_ || !is_new_user;
  lone_words_ = checked_lists_ == 1 && items > 0 && are_words ? quoted_field(row.text()) : "";
  if (any_user_again_ && !all_pairs_)
    return refuse_item_list(row, 0, "a user has several lines, but not one item on each");
  return {};
}

/// Refuses a file that has nothing but a line of words. Without digits, it is a message.
result<void> interaction_rows::refuse_lone_words() const {
  if (lone_words_.empty())
    return {};
  return fail(fault::malformed, form_source_ + ": " + expected_item_lists + lone_words_ +
                                    ": a single line of words is no list");
}

result<void> interaction_rows::refuse_lists_without_items() const {
  if (first_list_.empty() || lists_ != item_list_files::guessed)
    return {};
  return fail(fault::malformed,
              first_list_ + ": no line has an item (" + report_.totals() + "); " + known_separators);
}

void interaction_rows::finish() {
  const auto earlier = [](const interaction& a, const interaction& b) { return a.time < b.time; };
  if (!std::is_sorted(log_.events.begin(), log_.events.end(), earlier))
    std::stable_sort(log_.events.begin(), log_.events.end(), earlier);
  if (options_.ties == tie_order::item && log_.orders_users)
    order_ties_by_item();
  drop_duplicates();
}

void interaction_rows::order_ties_by_item() {
  auto& events = log_.events;
  const auto by_id = [this](const interaction& a, const interaction& b) {
    return log_.items[a.item] < log_.items[b.item];
  };
  for (auto first = events.begin(); first != events.end();) {
    const auto other = std::find_if(first, events.end(),
                                    [&](const interaction& event) { return event.time != first->time; });
    std::stable_sort(first, other, by_id);
    first = other;
  }
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
