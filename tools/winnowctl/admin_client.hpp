#pragma once

#include "config/settings/values/admin_address.hpp"

#include <chrono>
#include <string>

namespace winnow {

struct admin_answer {
  unsigned status = 0;
  std::string body;
};

/// Where the daemon is, and how it and its operator know each other.
struct admin_access {
  admin_address where;
  std::string token; ///< Empty: none is sent.
  std::string ca;    ///< For HTTPS: PEM file with the authorities to trust; empty: the system's.
};

/// Sends one request to the admin endpoint. Blocks for at most `patience` after resolving the name. Fails
/// with `timeout`, and with `unavailable` if no complete answer arrives or its certificate is not accepted;
/// the message names the address.
result<admin_answer> ask_daemon(const admin_access& daemon, const std::string& method,
                                const std::string& target,
                                std::chrono::seconds patience = std::chrono::seconds(10));

} // namespace winnow
