#include "redis/fleet/fleet_channel.hpp"
#include "redis/fleet/fleet_link.hpp"
#include "redis/fleet/fleet_replies.hpp"
#include "redis/fleet/fleet_scripts.hpp"

#include <algorithm>
#include <utility>

// What one replica is told, and all are to know.

namespace winnow {

namespace {

constexpr std::size_t values_at_once = 250;
constexpr const char* scan_size = "1000";

/// Where a page of values ends. Values of one group that were said at the same time stay on one page, so that
/// a replica reads all of them together.
std::size_t end_of_page(const std::vector<fleet_value>& values, std::size_t first) {
  auto end = std::min(first + values_at_once, values.size());
  const auto belongs_to_last = [&](const fleet_value& value) {
    const auto& last = values[end - 1];
    return !value.group.empty() && value.group == last.group && value.time == last.time;
  };
  while (end < values.size() && belongs_to_last(values[end]))
    ++end;
  return end;
}

} // namespace

result<void> fleet_channel::tell(const std::vector<fleet_value>& values) {
  for (std::size_t first = 0, end = 0; first < values.size(); first = end) {
    end = end_of_page(values, first);
    std::vector<std::string> arguments;
    for (std::size_t i = first; i < end; ++i)
      arguments.insert(arguments.end(),
                       {values[i].name, values[i].group, std::to_string(values[i].time), values[i].text});
    if (const auto told =
            commands_->run(fleet_scripts::tell, {keys_.values, keys_.told, keys_.news}, arguments);
        !told)
      return tl::unexpected<error>(told.error());
  }
  return {};
}

/// The newest entries are read, from the last one back: as many as were told since, unless these are too
/// many.
result<fleet_news> fleet_channel::news_after(std::uint64_t told, std::size_t most) {
  const auto reply = commands_->call({"XREVRANGE", keys_.news, "+", "-", "COUNT", std::to_string(most)});
  if (!reply)
    return tl::unexpected<error>(reply.error());
  if ((*reply)->type == REDIS_REPLY_ARRAY)
    std::reverse((*reply)->element, (*reply)->element + (*reply)->elements);
  return as_news(**reply, told);
}

result<std::vector<fleet_value>> fleet_channel::all_values() {
  std::vector<fleet_value> all;
  std::string cursor = "0";
  do {
    const auto reply = commands_->call({"HSCAN", keys_.values, cursor, "COUNT", scan_size});
    if (!reply)
      return tl::unexpected<error>(reply.error());
    if ((*reply)->type != REDIS_REPLY_ARRAY || (*reply)->elements != 2)
      return tl::unexpected<error>(unexpected_kind("HSCAN", "a cursor and values", **reply));
    cursor = text_of(*(*reply)->element[0]);
    auto page = as_texts("HSCAN", *(*reply)->element[1]);
    if (!page)
      return tl::unexpected<error>(std::move(page.error()));
    for (std::size_t i = 0; i + 1 < page->size(); i += 2)
      all.push_back(as_value(std::move((*page)[i]), (*page)[i + 1]));
  } while (cursor != "0");
  return all;
}

result<void> fleet_channel::tell_erased(const std::string& user_id) {
  return commands_->call({"XADD", keys_.erased, "*", "u", user_id}).map([](const reply_ptr&) {});
}

result<std::vector<fleet_erasure>> fleet_channel::erased_after(const std::string& last) {
  return commands_->call({"XRANGE", keys_.erased, last.empty() ? "-" : "(" + last, "+"})
      .and_then([](const reply_ptr& reply) { return as_entries("XRANGE", *reply); })
      .map([](std::vector<fleet_entry> entries) {
        std::vector<fleet_erasure> erased;
        for (auto& one : entries)
          erased.push_back({std::move(one.id), std::move(one.key)});
        return erased;
      });
}

} // namespace winnow
