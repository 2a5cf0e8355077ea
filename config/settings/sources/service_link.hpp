#pragma once

#include <string_view>

namespace winnow {

/// Whether Kubernetes or Docker set this variable to describe a service whose name begins like the settings,
/// e.g. WINNOW_API_SERVICE_HOST, WINNOW_API_PORT_8001_TCP_ADDR, or WINNOW_API_PORT=tcp://10.0.0.1:8001 for
/// `winnow-api`. A name that ends in _PORT is one only with the address of a service as its value.
bool is_service_link(std::string_view name, std::string_view value);

/// Whether `value` is the address of a service, e.g. tcp://10.0.0.1:6379, as in REDIS_PORT for a service
/// `redis`.
bool is_service_address(std::string_view value);

} // namespace winnow
