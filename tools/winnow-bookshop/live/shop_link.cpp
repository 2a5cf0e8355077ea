#include "tools/winnow-bookshop/live/shop_link.hpp"

#include "config/text/starts_with.hpp"
#include "tools/winnow-bookshop/live/http_link.hpp"
#include "tools/winnow-bookshop/live/kafka_link.hpp"
#include "tools/winnow-bookshop/live/redis_link.hpp"

namespace winnow {

result<live_address> parse_live_address(const std::string& text) {
  if (starts_with(text, "kafka://")) {
    if (const auto parsed = parse_kafka_address(text); !parsed)
      return tl::unexpected<error>(parsed.error());
    return live_address{live_address::kind::kafka, text};
  }
  if (starts_with(text, "redis://") || starts_with(text, "unix://")) {
    if (const auto parsed = parse_store_address(text); !parsed)
      return fail(parsed.error().cause, parsed.error().message);
    return live_address{live_address::kind::redis, text};
  }
  if (const auto parsed = parse_service_address(text); !parsed)
    return fail(
        parsed.error().cause,
        "expected redis://host:port/db, unix:///path, http[s]://host:port or kafka://host:port/topic, got " +
            text);
  return live_address{live_address::kind::http, text};
}

result<std::unique_ptr<shop_link>> open_shop_link(const live_address& address,
                                                  const service_address& reader) {
  if (address.transport == live_address::kind::redis) {
    const auto parsed = parse_store_address(address.text);
    return parsed ? redis_link::open(*parsed) : tl::unexpected<error>(parsed.error());
  }
  if (address.transport == live_address::kind::kafka) {
    const auto where = parse_kafka_address(address.text);
    return where ? kafka_link::open(*where, reader) : tl::unexpected<error>(where.error());
  }
  auto service = parse_service_address(address.text);
  if (!service)
    return tl::unexpected<error>(service.error());
  service->token = reader.token;
  service->ca = reader.ca;
  return std::make_unique<http_link>(*service);
}

} // namespace winnow
