#pragma once

#include "config/settings/settings.hpp"
#include "redis/cluster/key_slot.hpp"
#include "redis/connection/redis_connection.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Private to this folder: which masters a cluster has, and which slots they hold.
struct slot_table {
  std::vector<store_place> masters;                    ///< Sorted by their text. Only those with slots.
  std::array<std::int16_t, cluster_slots> owners = {}; ///< By slot: an index in `masters`; -1: nobody.
};

/// Reads the reply to CLUSTER SLOTS.
/// @param asked Where the reply comes from: a node that does not know its own address leaves it out.
result<slot_table> parse_slots(const redisReply& reply, const store_place& asked);

/// Asks the places in turn, until one answers before the deadline, and moves that one to the front, and then
/// keeps the places to ask next time (`keep_places`). Errors: as of `redis_connection::open`; `unsupported`
/// if the server is no node of a cluster.
result<slot_table> fetch_slots(const store_settings& settings, std::vector<store_place>& places,
                               redis_connection::clock::time_point deadline);

/// Adds the masters of the table to the places to ask next time, and removes those that are neither masters
/// nor configured: in a cluster whose nodes get new addresses, they would become ever more.
void keep_places(const slot_table& table, const std::vector<store_place>& configured,
                 std::vector<store_place>& places);

/// The settings to connect to one node.
store_settings settings_for_node(const store_settings& settings, const store_place& place);

/// The node in the text of a MOVED or ASK error, `MOVED slot host:port`; an empty host is that of `asked`.
std::optional<store_place> parse_redirection(std::string_view text, const store_place& asked);

} // namespace winnow
