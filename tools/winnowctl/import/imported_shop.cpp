#include "tools/winnowctl/import/imported_shop.hpp"

#include "models/files/csv_field.hpp"
#include "models/files/output_file.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::size_t most_examples = 10;

/// Collects lines, so that a file is written in large pieces.
class line_writer {
public:
  explicit line_writer(output_file& file) : file_(file) {}

  result<void> line(const std::string& text) {
    (text_ += text) += '\n';
    return text_.size() < (std::size_t{1} << 20U) ? result<void>() : flush();
  }

  result<void> flush() {
    auto written = file_.write(text_);
    text_.clear();
    return written;
  }

private:
  output_file& file_;
  std::string text_;
};

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts)
    (text += text.empty() ? "" : "|") += part;
  return text;
}

/// A label as the field of a table: a text or a number as it is, several texts with bars between them. Empty
/// for all others, such as the numbers of an embedding.
std::string label_text(const nlohmann::json& label) {
  if (label.is_string())
    return label.get<std::string>();
  if (label.is_number() || label.is_boolean())
    return label.dump();
  std::vector<std::string> texts;
  if (label.is_array())
    for (const auto& one : label)
      if (one.is_string())
        texts.push_back(one.get<std::string>());
  return joined(texts);
}

/// The labels of an item by their column: `labels` for an array, `labels.NAME` for each entry of an object.
std::map<std::string, std::string> label_columns(const gorse_item& item) {
  std::map<std::string, std::string> columns;
  const auto add = [&](const std::string& name, const nlohmann::json& label) {
    if (auto text = label_text(label); !text.empty())
      columns.emplace(name, std::move(text));
  };
  if (item.labels.is_object())
    for (const auto& [name, label] : item.labels.items())
      add("labels." + name, label);
  else
    add("labels", item.labels);
  return columns;
}

/// What an item has in each column. Items that are not hidden have nothing in that column, because training
/// makes no feature of a column with a single value.
std::map<std::string, std::string> texts_of(const gorse_item& item) {
  auto texts = label_columns(item);
  texts.emplace("item_id", item.id);
  texts.emplace("categories", joined(item.categories));
  texts.emplace("hidden", item.hidden ? "true" : "");
  texts.emplace("comment", item.comment);
  return texts;
}

/// @param fields The id first.
std::string csv_row(const std::vector<std::string>& fields) {
  auto row = csv_id(fields.front());
  for (std::size_t at = 1; at < fields.size(); ++at)
    row += "," + csv_field(fields[at]);
  return row;
}

} // namespace

std::uint32_t imported_shop::number_of(const std::string& item) {
  const auto [found, is_new] = numbers_.emplace(item, static_cast<std::uint32_t>(names_.size()));
  if (is_new)
    names_.push_back(&found->first);
  return found->second;
}

bool imported_shop::counts(const std::string& type) const {
  return types_.empty() ? type != "read" : types_.count(type) != 0;
}

void imported_shop::take(gorse_feedback one) {
  ++types_seen_[one.type];
  if (!counts(one.type))
    return;
  has_times_ = has_times_ || one.time;
  events_[one.user].push_back({one.time, number_of(one.item)});
}

void imported_shop::take(gorse_item one) {
  auto id = one.id;
  items_.insert_or_assign(std::move(id), std::move(one));
}

void imported_shop::leave_out(const std::string& where, const std::string& why) {
  ++left_out_;
  auto example = where + ": " + why;
  auto& same = reasons_[why.substr(0, why.find(", got "))];
  if (++same.count == 1)
    same.example = example;
  if (examples_.size() < most_examples)
    examples_.push_back(std::move(example));
}

void imported_shop::settle() {
  for (auto& [user, events] : events_) {
    std::stable_sort(events.begin(), events.end(),
                     [](const event& a, const event& b) { return a.time < b.time; });
    // A user may have given several kinds of feedback about one item: the first counts.
    std::set<std::uint32_t> seen;
    const auto is_repeated = [&](const event& one) { return !seen.insert(one.item).second; };
    events.erase(std::remove_if(events.begin(), events.end(), is_repeated), events.end());
    interactions_ += events.size();
    without_time_ += static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [](const event& one) { return !one.time; }));
    histories_ += events.empty() ? 0 : 1;
  }
}

result<void> imported_shop::write_interactions(const std::string& path) const {
  auto file = output_file::create(path);
  if (!file)
    return tl::unexpected(file.error());
  line_writer out(*file);
  auto written = out.line(has_times_ ? "user_id,item_id,timestamp" : "user_id,item_id");
  for (const auto& [user, events] : events_) {
    const auto name = csv_id(user);
    for (const auto& one : events)
      if (written)
        written = out.line(name + "," + csv_id(*names_[one.item]) + (has_times_ ? "," : "") +
                           (one.time ? std::to_string(*one.time) : ""));
  }
  if (written)
    written = out.flush();
  return written ? file->close() : written;
}

std::size_t imported_shop::hidden() const {
  return static_cast<std::size_t>(
      std::count_if(items_.begin(), items_.end(), [](const auto& entry) { return entry.second.hidden; }));
}

std::vector<std::string> imported_shop::item_columns() const {
  std::set<std::string> labels;
  bool has_comments = false;
  for (const auto& [id, item] : items_) {
    has_comments = has_comments || !item.comment.empty();
    for (const auto& [name, text] : label_columns(item))
      labels.insert(name);
  }
  std::vector<std::string> columns{"item_id", "categories"};
  if (hidden() > 0)
    columns.emplace_back("hidden");
  if (has_comments)
    columns.emplace_back("comment");
  columns.insert(columns.end(), labels.begin(), labels.end());
  return columns;
}

result<std::vector<std::string>> imported_shop::write_items(const std::string& path) const {
  auto columns = item_columns();
  auto file = output_file::create(path);
  if (!file)
    return tl::unexpected(file.error());
  line_writer out(*file);
  auto written = out.line(csv_row(columns));
  for (const auto& [id, item] : items_) {
    const auto texts = texts_of(item);
    std::vector<std::string> row;
    for (const auto& name : columns) {
      const auto found = texts.find(name);
      row.push_back(found == texts.end() ? "" : found->second);
    }
    if (written)
      written = out.line(csv_row(row));
  }
  if (written)
    written = out.flush();
  if (written)
    written = file->close();
  if (!written)
    return tl::unexpected(written.error());
  return columns;
}

result<void> imported_shop::each_history(
    const std::function<result<void>(const std::string&, const std::vector<std::string_view>&)>& visit)
    const {
  for (const auto& [user, events] : events_) {
    if (events.empty())
      continue;
    std::vector<std::string_view> items;
    items.reserve(events.size());
    for (const auto& one : events)
      items.emplace_back(*names_[one.item]);
    if (auto done = visit(user, items); !done)
      return done;
  }
  return {};
}

} // namespace winnow
