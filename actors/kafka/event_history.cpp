#include "actors/kafka/event_history.hpp"

#include "actors/kafka/python_json.hpp"
#include "actors/pipeline/profile_digest.hpp"
#include "config/text/json_text.hpp"
#include "redis/records/profile.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <type_traits>

namespace winnow {

namespace {

using nlohmann::json;

std::uint64_t digest_of(const std::optional<std::string>& text) {
  return text ? content_digest(*text) : 0;
}

/// Throws unless it is a whole number that fits: to convert any other one is undefined.
template<class Number>
Number whole_number(const json& from) {
  if (from.is_number_unsigned()
          ? from.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<Number>::max())
          : from.is_number_integer() && std::is_signed_v<Number>)
    return from.get<Number>();
  throw std::range_error("expected a whole number");
}

} // namespace

event_history::event_history(const std::optional<std::string>& text, const std::optional<std::string>& record,
                             std::size_t most)
    : most_(most), digest_(digest_of(text)) {
  if (record)
    read_record(*record);
  const bool is_own = !entries_.empty() && (digest_ == after_ || digest_ == before_);
  if (is_own && entries_.size() > most_) // the limit was larger
    entries_.erase(entries_.begin(), entries_.end() - static_cast<std::ptrdiff_t>(most_));
  if (!is_own)
    follow_profile(text.value_or("[]"));
}

void event_history::read_record(const std::string& text) {
  const auto read = parse_json(text);
  if (!read.is_object())
    return;
  try {
    before_ = whole_number<std::uint64_t>(read.at("before"));
    after_ = whole_number<std::uint64_t>(read.at("after"));
    for (const auto& one : read.at("events"))
      entries_.push_back({whole_number<std::int64_t>(one.at(0)), one.at(1).get<std::string>(),
                          one.size() > 2 ? one.at(2).get<std::string>() : std::string()});
  } catch (const std::exception&) { // something else wrote there: as if there were none
    entries_.clear();
  }
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const entry& one, const entry& other) { return one.at < other.at; });
}

/// Takes the items of the profile, with the times that are known. From the newest to the oldest, each item is
/// looked for among the entries that are older than the last one that was found.
void event_history::follow_profile(const std::string& text) {
  auto known = std::move(entries_);
  entries_.clear();
  auto parsed = parse_stored_profile(text);
  if (!parsed)
    return;
  auto& items = parsed->items;
  if (items.size() > most_)
    items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(most_));
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    entry taken{0, std::move(*item), {}};
    const auto same =
        std::find_if(known.rbegin(), known.rend(), [&](const entry& one) { return one.item == taken.item; });
    if (same != known.rend()) {
      taken = *same;
      known.erase(same.base() - 1, known.end());
    }
    entries_.push_back(std::move(taken));
  }
  std::reverse(entries_.begin(), entries_.end());
  std::int64_t before = 0;
  for (auto& one : entries_)
    before = one.at = std::max(one.at, before);
}

event_history::outcome event_history::add(const event_message& event) {
  const auto at = event.at.count();
  const auto later = std::upper_bound(entries_.begin(), entries_.end(), at,
                                      [](std::int64_t time, const entry& one) { return time < one.at; });
  for (auto same = later; same != entries_.begin() && (same - 1)->at == at; --same)
    if ((same - 1)->item == event.item_id && (same - 1)->action == event.action)
      return outcome::known;
  const bool is_full = entries_.size() >= most_;
  if (is_full && at <= entries_.front().at)
    return outcome::too_old;
  entries_.insert(later, {at, event.item_id, event.action});
  if (is_full)
    entries_.erase(entries_.begin());
  return outcome::added;
}

std::string event_history::profile_text() const {
  std::vector<std::string> items;
  items.reserve(entries_.size());
  for (const auto& one : entries_)
    items.push_back(one.item);
  return python_json(items);
}

bool event_history::is_changed() const {
  return !entries_.empty() && content_digest(profile_text()) != digest_;
}

event_history::texts event_history::stored() const {
  texts made;
  made.profile = profile_text();
  auto events = json::array();
  for (const auto& one : entries_)
    events.push_back(one.action.empty() ? json{one.at, one.item} : json{one.at, one.item, one.action});
  made.record =
      json{{"before", digest_}, {"after", content_digest(made.profile)}, {"events", std::move(events)}}.dump(
          -1, ' ', false, json::error_handler_t::replace);
  return made;
}

} // namespace winnow
