#pragma once

#include "config/settings/settings.hpp"
#include "redis/connection/redis_connection.hpp"

#include <optional>
#include <string_view>

namespace winnow {

/// Private to this folder and its parent: what is asked of a sentinel.

/// Connects to a sentinel, with its own credentials.
result<redis_connection> open_sentinel(const store_settings& settings, const store_place& sentinel,
                                       redis_connection::clock::time_point deadline);

/// Connects to the server that the sentinels call the master, or to one of its replicas if the address says
/// so and there is one. Asks one sentinel after the other until one names a server that has this role: after
/// a failover the old master takes writes until it hears of it. Errors: as of `redis_connection::open`.
result<redis_connection> open_behind_sentinels(const store_settings& settings,
                                               redis_connection::clock::time_point deadline);

/// The new master, if this message of a sentinel (`NAME old-host old-port new-host new-port`) is about the
/// master of that name.
std::optional<store_place> parse_switch(std::string_view message, std::string_view master_name);

} // namespace winnow
