#pragma once

#include "config/settings/settings.hpp"
#include "support/redis_server.hpp"

#include <chrono>
#include <string>

namespace winnow::test {

/// Settings for a server on 127.0.0.1. Timeouts are long, so that tests pass on slow machines; pauses are
/// short.
inline store_settings settings_for_port(std::uint16_t port) {
  store_settings settings;
  settings.address.host = "127.0.0.1";
  settings.address.port = port;
  settings.connect_timeout = settings.command_timeout = std::chrono::seconds(20);
  settings.reconnect_min = std::chrono::milliseconds(5);
  settings.reconnect_max = std::chrono::milliseconds(20);
  return settings;
}

inline store_settings settings_for(const redis_server& server) {
  return settings_for_port(server.port());
}

inline store_settings memory_settings() {
  store_settings settings;
  settings.address.transport = store_address::kind::memory;
  return settings;
}

inline store_settings file_settings(const std::string& directory) {
  store_settings settings;
  settings.address.transport = store_address::kind::file;
  settings.address.path = directory;
  return settings;
}

} // namespace winnow::test
