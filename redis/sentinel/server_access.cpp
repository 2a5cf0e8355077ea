#include "redis/sentinel/server_access.hpp"

#include "redis/sentinel/sentinel_query.hpp"

namespace winnow {

result<redis_connection> open_server(const store_settings& settings,
                                     redis_connection::clock::time_point deadline) {
  if (settings.address.transport == store_address::kind::sentinel)
    return open_behind_sentinels(settings, deadline);
  if (settings.address.transport == store_address::kind::cluster)
    return fail(fault::unsupported, to_string(settings.address) + ": this needs one server, not a cluster");
  return redis_connection::open(settings, deadline);
}

} // namespace winnow
