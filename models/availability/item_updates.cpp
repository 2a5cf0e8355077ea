#include "models/availability/item_updates.hpp"

#include "models/item_description.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace winnow {

namespace {

using nlohmann::json;

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

} // namespace

json said_by(const item_attributes& file, const std::string& item_id, const json& attributes) {
  auto said = json::object();
  for (const auto& [name, value] : attributes.items())
    said[name] = value_in(file, item_id, name);
  return said;
}

result<void> item_updates::open(const std::filesystem::path& file) {
  return journal_.open(file, [this](std::string_view line) {
    const auto entry = parse_item_entry(line);
    if (entry)
      apply(*entry);
    return entry.has_value();
  });
}

void item_updates::apply(const item_entry& entry) {
  if (!entry.attributes) {
    items_.erase(entry.item_id);
    return note_reset(entry.item_id, entry.time);
  }
  if (entry.time <= reset_of(entry.item_id))
    resets_.erase(entry.item_id); // the clock was set back: what was said last holds
  auto& known = items_[entry.item_id];
  const auto& base = entry.base;
  for (const auto& [name, value] : entry.attributes->items())
    known[name] = {value, entry.time, base.contains(name) ? std::optional(base[name]) : std::nullopt};
}

void item_updates::note(const item_entry& entry) {
  apply(entry);
  journal_.add(to_line(entry));
}

void item_updates::set(const std::string& item_id, const json& attributes, milliseconds time,
                       const json& base) {
  note({item_id, time, std::optional(attributes), base});
}

void item_updates::reset(const std::string& item_id, milliseconds time) {
  note({item_id, time, std::nullopt});
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
    journal_.outdate(); // a line would also reset what was said later
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
    journal_.outdate();
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
  if (forgotten > 0)
    journal_.outdate();
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
  return journal_.write([this] { return lines(); });
}

/// All that is known, as the file has it.
std::string item_updates::lines() const {
  std::string text;
  for (const auto& [id, time] : resets_) // before the values, which a line would reset
    text += to_line({id, time, std::nullopt});
  for (const auto& [id, values] : items_) {
    std::map<milliseconds, item_entry> by_time;
    for (const auto& [name, value] : values) {
      auto& entry = by_time.try_emplace(value.time, item_entry{id, value.time, std::optional(json::object())})
                        .first->second;
      (*entry.attributes)[name] = value.value;
      if (value.base)
        entry.base[name] = *value.base;
    }
    for (const auto& [time, entry] : by_time)
      text += to_line(entry);
  }
  return text;
}

} // namespace winnow
