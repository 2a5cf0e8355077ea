#include "actors/fleet/replica_address.hpp"

#include <array>
#include <unistd.h>

namespace winnow {

namespace {

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0)
    return "localhost";
  return name.data();
}

} // namespace

std::string replica_rest_address(const http_settings& settings, std::uint16_t port) {
  if (!settings.unix_socket.empty())
    return "unix:" + settings.unix_socket;
  if (port == 0)
    return {};
  std::string host = settings.host;
  if (host.empty() || host == "0.0.0.0" || host == "::")
    host = machine_name();
  else if (host.find(':') != std::string::npos)
    host = "[" + host + "]";
  return host + ":" + std::to_string(port);
}

std::string replica_admin_address(const admin_settings& settings, std::uint16_t port) {
  if (settings.address.off)
    return {};
  admin_address bound = settings.address;
  if (!bound.unix_path.empty())
    return to_string(bound);
  if (port == 0)
    return {};
  bound.port = port;
  if (bound.host == "0.0.0.0" || bound.host == "::")
    bound.host = machine_name();
  return to_string(bound);
}

} // namespace winnow
