#pragma once

#include "config/settings/settings.hpp"
#include "redis/connection/redis_connection.hpp"

namespace winnow {

/// Private to this folder: connects to the server that the address means: that of a host, or the one that
/// sentinels name. Errors: as of `redis_connection::open`; `unsupported` for a cluster.
result<redis_connection> open_server(const store_settings& settings,
                                     redis_connection::clock::time_point deadline);

} // namespace winnow
