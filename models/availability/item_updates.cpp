#include "models/availability/item_updates.hpp"

#include "config/files/file_name.hpp"
#include "config/text/json_text.hpp"
#include "models/files/output_file.hpp"
#include "models/files/text_file.hpp"
#include "models/item_description.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <iterator>
#include <limits>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::uint64_t most_bytes = std::uint64_t{8} << 30U;
constexpr std::size_t least_lines = 1000; ///< A shorter file is not rewritten.

std::string line_of(const json& entry) {
  return entry.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

bool is_entry(const json& entry) {
  return entry.is_object() && entry.contains("item_id") && entry["item_id"].is_string() &&
         entry.contains("time") && entry["time"].is_number_integer() &&
         (entry.contains("reset") || (entry.contains("attributes") && entry["attributes"].is_object())) &&
         (!entry.contains("base") || entry["base"].is_object());
}

/// @param base May be empty: then it is left out.
json entry_of(const std::string& item_id, const json& attributes, item_updates::milliseconds time,
              const json& base) {
  json entry{{"item_id", item_id}, {"time", time}, {"attributes", attributes}};
  if (!base.empty())
    entry["base"] = base;
  return entry;
}

/// Null if the file says nothing.
json value_in(const item_attributes& file, const std::string& item_id, const std::string& attribute) {
  const auto found = attributes_json(file, file.row_of(item_id), {attribute});
  return found.contains(attribute) ? json(found[attribute]) : json();
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Two replicas may be told something in the same millisecond: then all keep the greater text.
bool is_later(const item_fact& fact, const json& known, item_updates::milliseconds known_time) {
  return fact.time > known_time || (fact.time == known_time && text_of(fact.value) > text_of(known));
}

json reset_entry(const std::string& item_id, item_updates::milliseconds time) {
  return {{"item_id", item_id}, {"time", time}, {"reset", true}};
}

/// Writes all bytes at the end of a file. @return Whether that succeeded; else errno tells why not.
bool append_to(const std::filesystem::path& file, std::string_view bytes) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return false;
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      break;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  const int problem = errno;
  ::close(descriptor);
  errno = problem;
  return bytes.empty();
}

} // namespace

json said_by(const item_attributes& file, const std::string& item_id, const json& attributes) {
  auto said = json::object();
  for (const auto& [name, value] : attributes.items())
    said[name] = value_in(file, item_id, name);
  return said;
}

result<void> item_updates::open(const std::filesystem::path& file) {
  file_ = file;
  if (is_absent(file))
    return {};
  const auto text = read_file(file, most_bytes);
  if (!text)
    return tl::unexpected(text.error());
  std::size_t damaged = 0, first = 0;
  for (std::string_view rest = *text; !rest.empty();) {
    ++lines_;
    const auto end = rest.find('\n');
    if (end == std::string_view::npos || !take_line(rest.substr(0, end)))
      first = ++damaged == 1 ? lines_ : first;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  must_rewrite_ = damaged > 0;
  if (must_rewrite_)
    damage_ =
        file.string() + ":" + std::to_string(first) +
        ": expected an object with item_id, time, and attributes or reset, and the line's end; lines left "
        "out: " +
        std::to_string(damaged) + " of " + std::to_string(lines_);
  return {};
}

/// @return Whether it is whole.
bool item_updates::take_line(std::string_view line) {
  const auto entry = parse_json(line);
  const bool is_whole = is_entry(entry);
  if (is_whole)
    apply(entry);
  return is_whole;
}

void item_updates::apply(const json& entry) {
  const auto& id = entry["item_id"].get_ref<const std::string&>();
  const auto time = entry["time"].get<milliseconds>();
  if (entry.contains("reset")) {
    items_.erase(id);
    note_reset(id, time);
    return;
  }
  if (time <= reset_of(id))
    resets_.erase(id); // the clock was set back: what was said last holds
  auto& known = items_[id];
  const auto base = entry.value("base", json::object());
  for (const auto& [name, value] : entry["attributes"].items())
    known[name] = {value, time, base.contains(name) ? std::optional(base[name]) : std::nullopt};
}

void item_updates::set(const std::string& item_id, const json& attributes, milliseconds time,
                       const json& base) {
  const auto entry = entry_of(item_id, attributes, time, base);
  apply(entry);
  unwritten_ += line_of(entry);
  ++lines_;
}

void item_updates::reset(const std::string& item_id, milliseconds time) {
  const auto entry = reset_entry(item_id, time);
  apply(entry);
  unwritten_ += line_of(entry);
  ++lines_;
}

bool item_updates::take(const item_fact& fact, const json& base) {
  if (fact.attribute.empty())
    return take_reset(fact.item_id, fact.time);
  if (fact.time <= reset_of(fact.item_id))
    return false;
  const auto item = items_.find(fact.item_id);
  if (item != items_.end()) {
    const auto known = item->second.find(fact.attribute);
    if (known != item->second.end() && !is_later(fact, known->second.value, known->second.time))
      return false;
  } else if (!has_room_for(fact.item_id)) {
    return false;
  }
  set(fact.item_id, {{fact.attribute, fact.value}}, fact.time, base);
  return true;
}

/// Forgets the values that are not later.
bool item_updates::take_reset(const std::string& item_id, milliseconds time) {
  if (time <= reset_of(item_id))
    return false;
  const auto item = items_.find(item_id);
  if (item == items_.end()) {
    reset(item_id, time);
    return false;
  }
  auto& values = item->second;
  const auto before = values.size();
  for (auto value = values.begin(); value != values.end();)
    value = value->second.time <= time ? values.erase(value) : std::next(value);
  const bool is_news = values.size() < before;
  if (values.empty()) {
    reset(item_id, time);
  } else {
    note_reset(item_id, time);
    must_rewrite_ = true; // a line would also reset what was said later
  }
  return is_news;
}

/// When the item was last reset; a time before all others if that is not known.
item_updates::milliseconds item_updates::reset_of(const std::string& item_id) const {
  const auto found = resets_.find(item_id);
  return found == resets_.end() ? std::numeric_limits<milliseconds>::min() : found->second;
}

void item_updates::note_reset(const std::string& item_id, milliseconds time) {
  resets_[item_id] = time;
  if (resets_.size() > most_resets)
    drop_older_resets();
}

/// Half of them, so that this is rare.
void item_updates::drop_older_resets() {
  std::vector<milliseconds> times;
  times.reserve(resets_.size());
  for (const auto& [id, time] : resets_)
    times.push_back(time);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  for (auto one = resets_.begin(); one != resets_.end();)
    one = one->second <= *middle ? resets_.erase(one) : std::next(one);
}

std::vector<item_fact> item_updates::facts() const {
  std::vector<item_fact> all;
  for (const auto& [id, time] : resets_)
    all.push_back({id, {}, time, nullptr});
  for (const auto& [id, values] : items_)
    for (const auto& [name, value] : values)
      all.push_back({id, name, value.time, value.value, value.base});
  return all;
}

item_updates::milliseconds item_updates::last_said(const std::string& item_id) const {
  milliseconds last = std::max<milliseconds>(reset_of(item_id), 0);
  if (const auto item = items_.find(item_id); item != items_.end())
    for (const auto& [name, value] : item->second)
      last = std::max(last, value.time);
  return last;
}

/// Whether a value yields to the file. Notes what the file says if that is not known of an earlier one, and
/// the file was there when the value came.
bool item_updates::yields(const std::string& item_id, const std::string& attribute, timed& value,
                          const item_attributes& file, milliseconds file_time) {
  if (value.time < file_time)
    return file.ids().find(item_id).has_value() && file.find(attribute) != nullptr &&
           (!value.base || value_in(file, item_id, attribute) != *value.base);
  if (!value.base) {
    value.base = value_in(file, item_id, attribute);
    must_rewrite_ = true;
  }
  return false;
}

std::size_t item_updates::yield_to(const item_attributes& file, milliseconds file_time) {
  std::size_t forgotten = 0;
  for (auto item = items_.begin(); item != items_.end();) {
    auto& values = item->second;
    for (auto value = values.begin(); value != values.end();) {
      const bool gone = yields(item->first, value->first, value->second, file, file_time);
      forgotten += gone ? 1 : 0;
      value = gone ? values.erase(value) : std::next(value);
    }
    item = values.empty() ? items_.erase(item) : std::next(item);
  }
  must_rewrite_ = must_rewrite_ || forgotten > 0;
  return forgotten;
}

std::vector<item_values> item_updates::values(const item_attributes& onto, std::size_t& misfits) const {
  std::vector<item_values> all;
  std::map<std::string, attribute_type> added; // attributes that no item of `onto` has
  for (const auto& [id, values] : items_) {
    item_values one{id, {}};
    for (const auto& [name, value] : values) {
      const auto* const column = onto.find(name);
      const auto known = added.find(name);
      const auto type = column != nullptr      ? std::optional(column->type)
                        : known != added.end() ? std::optional(known->second)
                                               : std::nullopt;
      auto parsed = parse_attribute(name, value.value, type);
      if (!parsed) {
        ++misfits;
        continue;
      }
      if (!type && !parsed->is_missing())
        added.emplace(name, parsed->type);
      one.values.emplace_back(name, std::move(*parsed));
    }
    all.push_back(std::move(one));
  }
  return all;
}

result<void> item_updates::write() {
  if (file_.empty())
    return {};
  if (must_rewrite_ || lines_ > 2 * needed_lines_ + least_lines)
    return rewrite();
  return append();
}

result<void> item_updates::append() {
  if (unwritten_.empty())
    return {};
  std::error_code ignored;
  if (file_.has_parent_path())
    std::filesystem::create_directories(file_.parent_path(), ignored);
  if (!append_to(file_, unwritten_)) {
    must_rewrite_ = true; // half a line may be in the file
    return fail(fault::io_error,
                file_.string() + ": cannot be written: " + std::generic_category().message(errno));
  }
  unwritten_.clear();
  return {};
}

result<void> item_updates::rewrite() {
  std::string text;
  std::size_t lines = 0;
  for (const auto& [id, time] : resets_) { // before the values, which a line would reset
    text += line_of(reset_entry(id, time));
    ++lines;
  }
  for (const auto& [id, values] : items_) {
    std::map<milliseconds, json> by_time, bases;
    for (const auto& [name, value] : values) {
      by_time[value.time][name] = value.value;
      if (value.base)
        bases[value.time][name] = *value.base;
    }
    for (const auto& [time, attributes] : by_time) {
      text += line_of(entry_of(id, attributes, time, bases[time]));
      ++lines;
    }
  }
  if (auto written = write_file(file_, text); !written)
    return written;
  lines_ = needed_lines_ = lines;
  unwritten_.clear();
  must_rewrite_ = false;
  return {};
}

} // namespace winnow
