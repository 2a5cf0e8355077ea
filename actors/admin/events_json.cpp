#include "actors/admin/events_json.hpp"

#include "actors/json_time.hpp"
#include "config/settings/table/setting_value.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

ordered_json event_object(const kept_event& one) {
  ordered_json fields = ordered_json::object();
  for (const auto& [name, value] : one.fields)
    std::visit([&, &field = name](const auto& plain) { fields[field] = plain; }, value);
  return {{"id", one.id},
          {"first_id", one.first_id},
          {"time", unix_time(one.time)},
          {"first_time", unix_time(one.first_time)},
          {"count", one.count},
          {"level", to_string(one.level)},
          {"component", one.component},
          {"event", one.event},
          {"fields", std::move(fields)}};
}

std::string dumped(const ordered_json& body) {
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace

std::string event_json(const kept_event& one) {
  return dumped(event_object(one));
}

std::string events_json(const std::vector<kept_event>& events) {
  auto all = ordered_json::array();
  for (const auto& one : events)
    all.push_back(event_object(one));
  return dumped(all);
}

std::string position_text(const event_ring& ring, std::uint64_t id) {
  return ring.epoch() + "-" + std::to_string(id);
}

std::uint64_t event_position(const event_ring& ring, std::string_view text) {
  const auto dash = text.rfind('-');
  std::uint64_t id = 0;
  if (dash == std::string_view::npos || text.substr(0, dash) != ring.epoch())
    return 0;
  const auto [end, failed] = std::from_chars(text.data() + dash + 1, text.data() + text.size(), id);
  return failed == std::errc() && end == text.data() + text.size() ? id : 0;
}

} // namespace winnow
