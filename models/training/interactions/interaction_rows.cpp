#include "models/training/interactions/interaction_rows.hpp"

#include "config/text/number_text.hpp"
#include "config/text/unix_time.hpp"
#include "models/files/decimal_comma.hpp"
#include "models/files/id_field.hpp"
#include "models/files/text_bytes.hpp"
#include "models/training/interactions/form/form_remarks.hpp"
#include "models/training/interactions/form/quoted_lines.hpp"
#include "models/training/interactions/log_order.hpp"

#include <algorithm>

namespace winnow {

namespace {

using layout = interaction_form::layout;

/// Calls `each` for every word between blanks and tabs.
template<class Function>
void each_word(std::string_view text, Function each) {
  for (auto at = text.find_first_not_of(blanks_of_a_line); at != std::string_view::npos;
       at = text.find_first_not_of(blanks_of_a_line, at)) {
    const auto end = std::min(text.find_first_of(blanks_of_a_line, at), text.size());
    each(text.substr(at, end - at));
    at = end;
  }
}

/// Whether ids have control characters among them, but for the tabs that may separate them.
bool has_control_in_list(std::string_view ids) {
  return has_control_characters(ids) || ids.find_first_of("\r\n") != std::string_view::npos;
}

std::size_t quoted_ids_in(const id_table& ids) {
  std::size_t quoted = 0;
  for (std::size_t i = 0; i < ids.size(); ++i)
    quoted += is_quoted_whole(ids[i]) ? 1 : 0;
  return quoted;
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
  form_source_ = path.string();
  begin_file(*form);
  if (!first_form_)
    for (const auto& remark : remarks_on_form(*file, form_, options_.columns, options_.least_rating))
      report_.remarks.push_back(form_source_ + ": " + remark);
  if (auto same = expect_form_of_first(*file); !same)
    return tl::unexpected(same.error());
  // The items of a list came before the time of their row.
  const bool has_times = form_.columns[column_role::time] && !form_.list;
  log_.orders_users = has_times && (log_.events.empty() || log_.orders_users);
  log_.has_times = form_.has_times() && (log_.events.empty() || log_.has_times);
  const auto first_event = log_.events.size();
  if (!form_.has_header)
    file->reread(form_.text);
  auto read = read_records(*file, options_, report_, [this](csv_reader& row) { return read_row(row); });
  if (!read)
    return tl::unexpected(read.error());
  if (auto lists = check_.end_file(); !lists)
    return tl::unexpected(lists.error());
  note_quoted_ids();
  take_over_ids(first_event);
  return true;
}

/// Where quotes are ordinary characters, ids may stand in quotes that are no part of them.
void interaction_rows::note_quoted_ids() {
  const auto quoted = form_.text.quotes ? 0 : quoted_ids_in(users_) + quoted_ids_in(items_);
  if (quoted > 0)
    report_.remarks.push_back(std::to_string(quoted) + (quoted == 1 ? " id in " : " ids in ") + form_source_ +
                              (quoted == 1 ? " stands" : " stand") +
                              " in quotes, which are taken for a part of the id");
}

void interaction_rows::begin_file(const interaction_form& form) {
  form_ = form;
  users_ = {};
  items_ = {};
  listed_.clear();
  check_.begin_file(form_source_);
}

/// The parts of a folder are one table: one with another layout is a message or from elsewhere.
result<void> interaction_rows::expect_form_of_first(const csv_reader& file) {
  if (!first_form_) {
    first_form_ = form_;
    first_source_ = form_source_;
    return {};
  }
  const auto expected = expected_of_part(*first_form_, form_);
  if (expected.empty())
    return {};
  return file.refuse(fault::malformed, 0,
                     "expected " + expected + ", as in " + first_source_ + ", got " +
                         quoted_field(file.text()));
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
  return form_.rows == layout::item_lists ? read_item_list(row) : read_columns(row);
}

const std::vector<std::string_view>& interaction_rows::fields_in(csv_reader& row) {
  if (form_.rows != layout::double_colon)
    return row.fields();
  split_at(row.text(), double_colon, split_fields_);
  return split_fields_;
}

/// Where in the row a field begins.
std::size_t interaction_rows::offset_of(csv_reader& row, std::size_t field) const {
  return form_.rows == layout::double_colon
             ? static_cast<std::size_t>((*fields_)[field].data() - row.text().data())
             : row.offset_of(field);
}

result<void> interaction_rows::refuse_field(csv_reader& row, std::size_t field, const char* wanted,
                                            const char* what) {
  return report_.refuse(
      row.refuse(fault::malformed, offset_of(row, field),
                 std::string("expected ") + wanted + ", got " + quoted_field((*fields_)[field])),
      options_, what);
}

/// Counts the row and returns false if an id is missing or damaged.
result<bool> interaction_rows::check_ids(csv_reader& row) {
  const auto refused = [](result<void> counted) {
    return counted ? result<bool>(false) : tl::unexpected(counted.error());
  };
  const auto& fields = *fields_;
  const auto user = *form_.columns[column_role::user];
  const auto item = *form_.columns[column_role::item];
  if (fields[user].empty())
    return refused(refuse_field(row, user, "a user's id", "without a user's id"));
  if (is_blank(fields[item]))
    return refused(refuse_field(row, item, "an item's id", "without an item's id"));
  for (const auto field : {user, item, form_.list.value_or(item)}) {
    const bool is_list = form_.list == field; // whose ids tabs may separate
    if (is_list ? has_control_in_list(fields[field]) : has_any_control(fields[field]))
      return refused(report_.refuse_id(row, offset_of(row, field), fields[field], options_));
  }
  return true;
}

result<void> interaction_rows::read_columns(csv_reader& row) {
  fields_ = &fields_in(row);
  const auto& fields = *fields_;
  if (fields.size() != form_.fields)
    return report_.refuse(row.refuse(fault::malformed, 0,
                                     "expected " + std::to_string(form_.fields) + " fields, got " +
                                         std::to_string(fields.size())),
                          options_, "with another number of fields");
  if (const auto checked = check_ids(row); !checked || !*checked)
    return checked ? result<void>() : tl::unexpected(checked.error());

  auto time = static_cast<std::int64_t>(log_.events.size());
  if (const auto column = form_.columns[column_role::time]) {
    const auto parsed = parse_unix_time(fields[*column]);
    if (!parsed)
      return refuse_field(row, *column, "a time (Unix or ISO 8601)", "without a time");
    time = *parsed;
  }
  // An interaction without a rating is one still, unless low ratings are to be left out.
  const auto column = form_.columns[column_role::rating];
  if (column && !(fields[*column].empty() && options_.least_rating <= 0)) {
    const auto rating = rating_of(fields[*column]);
    if (!rating)
      return refuse_field(row, *column, "a rating", "without a rating");
    if (*rating < options_.least_rating) {
      ++report_.below;
      return {};
    }
  }
  if (form_.list)
    take_list(time);
  else
    take_pair(time);
  return {};
}

/// A number with a point before its decimals, or with a comma where semicolons separate the fields.
std::optional<double> interaction_rows::rating_of(std::string_view field) const {
  const auto rating = parse_decimal(field);
  return rating || form_.text.delimiter != ';' ? rating : parse_comma_decimal(field);
}

void interaction_rows::take_pair(std::int64_t time) {
  const auto& fields = *fields_;
  const auto user = users_.insert(fields[*form_.columns[column_role::user]]).first;
  const auto item = items_.insert(fields[*form_.columns[column_role::item]]).first;
  log_.events.push_back({user, item, time});
}

/// Takes the items of a row's list, and then its item. RecBole writes a session as several rows, each with
/// the list of the one before it and one item more: what is known of the user is no repetition.
void interaction_rows::take_list(std::int64_t time) {
  const auto& fields = *fields_;
  const bool has_time = form_.columns[column_role::time].has_value();
  const auto item_field = *form_.columns[column_role::item];
  const auto user = users_.insert(fields[*form_.columns[column_role::user]]).first;
  const auto take = [&](std::string_view id) {
    const auto item = items_.insert(id).first;
    constexpr unsigned bits_of_item = 32;
    if (listed_.insert(std::uint64_t{user} << bits_of_item | item).second)
      log_.events.push_back({user, item, has_time ? time : static_cast<std::int64_t>(log_.events.size())});
  };
  each_word(fields[*form_.list], take);
  if (*form_.list != item_field)
    take(fields[item_field]);
}

result<void> interaction_rows::read_item_list(csv_reader& row) {
  if (has_control_in_list(row.text()))
    return report_.refuse_id(row, 0, row.text(), options_);
  if (auto checked = check_.check_line(row); !checked)
    return checked;
  std::optional<id_table::index> user;
  item_list_check::list_shape shape;
  each_word(row.text(), [&](std::string_view id) {
    if (user) {
      log_.events.push_back({*user, items_.insert(id).first, static_cast<std::int64_t>(log_.events.size())});
      shape.are_words = shape.are_words && item_list_check::is_word(id);
      ++shape.items;
    } else {
      const auto [index, is_new] = users_.insert(id);
      user = index;
      shape.is_new_user = is_new;
    }
  });
  report_.without_items += shape.items == 0 ? 1 : 0;
  list_ends_.push_back(log_.events.size());
  return user ? check_.check_shape(row, shape) : result<void>();
}

result<void> interaction_rows::refuse_lists_without_items() const {
  return check_.refuse_without_items(report_.totals());
}

void interaction_rows::finish() {
  sort_by_time(log_, options_.ties);
  const auto repeated = repeated_events(log_);
  count_repeated(repeated);
  remove_events(log_, repeated);
}

/// A row of a pair is repeated as a whole; of a list, some items may be. @param repeated By event. Those of
/// item lists are in the order of the lines.
void interaction_rows::count_repeated(const std::vector<bool>& repeated) {
  const auto all = static_cast<std::uint64_t>(std::count(repeated.begin(), repeated.end(), true));
  if (!first_form_ || !first_form_->has_lists()) {
    report_.duplicates += all;
    return;
  }
  report_.repeated_items += all;
  std::size_t begin = 0;
  for (const auto end : list_ends_) {
    const auto items = end - begin;
    const auto known =
        static_cast<std::size_t>(std::count(repeated.begin() + static_cast<std::ptrdiff_t>(begin),
                                            repeated.begin() + static_cast<std::ptrdiff_t>(end), true));
    if (items > 0 && known == items) {
      ++report_.duplicates;
      report_.repeated_items -= items;
    }
    begin = end;
  }
}

} // namespace winnow
