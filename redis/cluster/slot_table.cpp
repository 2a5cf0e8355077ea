#include "redis/cluster/slot_table.hpp"

#include "config/text/number_text.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace winnow {
namespace {

using clock = redis_connection::clock;

constexpr std::string_view command = "CLUSTER SLOTS";

struct slot_range {
  std::size_t first;
  std::size_t last;
  store_place master;
};

/// One entry: the first and the last slot, then the master as host, port, id …
std::optional<slot_range> parse_range(const redisReply& entry, const store_place& asked) {
  if (entry.type != REDIS_REPLY_ARRAY || entry.elements < 3 ||
      entry.element[0]->type != REDIS_REPLY_INTEGER || entry.element[1]->type != REDIS_REPLY_INTEGER)
    return std::nullopt;
  const auto& master = *entry.element[2];
  if (master.type != REDIS_REPLY_ARRAY || master.elements < 2 ||
      master.element[1]->type != REDIS_REPLY_INTEGER)
    return std::nullopt;
  const auto first = entry.element[0]->integer;
  const auto last = entry.element[1]->integer;
  const auto port = master.element[1]->integer;
  if (first < 0 || last < first || last >= static_cast<long long>(cluster_slots) || port < 1 ||
      port > std::numeric_limits<std::uint16_t>::max())
    return std::nullopt;
  const auto host = text_of(*master.element[0]);
  return slot_range{
      static_cast<std::size_t>(first),
      static_cast<std::size_t>(last),
      {host.empty() || host == "?" ? asked.host : std::string(host), static_cast<std::uint16_t>(port)}};
}

result<slot_table> ask(const store_settings& settings, const store_place& place, clock::time_point deadline) {
  auto connection = redis_connection::open(settings_for_node(settings, place), deadline);
  if (!connection)
    return tl::unexpected<error>(std::move(connection.error()));
  command_batch batch;
  batch.add({"CLUSTER", "SLOTS"});
  const auto outcome = connection->exchange(batch, deadline);
  if (outcome.lost)
    return tl::unexpected<error>(*outcome.lost);
  return parse_slots(*outcome.replies.front(), place);
}

} // namespace

result<slot_table> parse_slots(const redisReply& reply, const store_place& asked) {
  if (reply.type == REDIS_REPLY_ERROR) {
    auto refused = error_from_reply(command, text_of(reply));
    refused.message.insert(0, to_string(asked) + ": "); // not in the public message
    return tl::unexpected<error>(std::move(refused));
  }
  if (reply.type != REDIS_REPLY_ARRAY)
    return tl::unexpected<error>(unexpected_kind(command, "an array", reply));
  std::map<std::string, std::pair<store_place, std::vector<slot_range>>> by_master;
  for (std::size_t i = 0; i < reply.elements; ++i) {
    auto range = parse_range(*reply.element[i], asked);
    if (!range)
      return fail(fault::malformed, std::string(command) + ": expected slots, a host and a port");
    auto& entry = by_master[to_string(range->master)];
    entry.first = range->master;
    entry.second.push_back(std::move(*range));
  }
  slot_table table;
  table.owners.fill(-1);
  for (const auto& [name, entry] : by_master) {
    for (const auto& range : entry.second)
      for (auto slot = range.first; slot <= range.last; ++slot)
        table.owners.at(slot) = static_cast<std::int16_t>(table.masters.size());
    table.masters.push_back(entry.first);
  }
  if (table.masters.empty())
    return fail(fault::unavailable, to_string(asked) + ": the cluster has no slots yet");
  return table;
}

result<slot_table> fetch_slots(const store_settings& settings, std::vector<store_place>& places,
                               clock::time_point deadline) {
  result<slot_table> table = fail(fault::unavailable, "the cluster has no nodes");
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto now = clock::now();
    table = ask(settings, places[i], now + (deadline - now) / static_cast<int>(places.size() - i));
    if (table) {
      std::rotate(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(i),
                  places.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      keep_places(*table, settings.address.nodes, places);
      break;
    }
  }
  return table;
}

void keep_places(const slot_table& table, const std::vector<store_place>& configured,
                 std::vector<store_place>& places) {
  const auto has = [](const std::vector<store_place>& some, const store_place& one) {
    return std::find(some.begin(), some.end(), one) != some.end();
  };
  places.erase(std::remove_if(
                   places.begin(), places.end(),
                   [&](const store_place& one) { return !has(table.masters, one) && !has(configured, one); }),
               places.end());
  for (const auto& master : table.masters)
    if (!has(places, master))
      places.push_back(master);
}

store_settings settings_for_node(const store_settings& settings, const store_place& place) {
  auto node = settings;
  node.address.transport = store_address::kind::tcp;
  node.address.host = place.host;
  node.address.port = place.port;
  return node;
}

std::optional<store_place> parse_redirection(std::string_view text, const store_place& asked) {
  const auto space = text.rfind(' ');
  const auto colon = text.rfind(':');
  if (space == std::string_view::npos || colon == std::string_view::npos || colon < space)
    return std::nullopt;
  const auto host = text.substr(space + 1, colon - space - 1); // an IPv6 address has no brackets here
  const auto port = parse_integer<std::uint16_t>(text.substr(colon + 1)).value_or(0);
  if (port == 0)
    return std::nullopt;
  return store_place{host.empty() ? asked.host : std::string(host), port};
}

} // namespace winnow
