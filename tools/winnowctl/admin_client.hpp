#pragma once

#include "config/settings/admin_address.hpp"

#include <string>

namespace winnow {

struct admin_answer {
  unsigned status = 0;
  std::string body;
};

/// Sends one request to the admin endpoint. Blocks for at most 10 s after resolving the name. Fails with
/// `unavailable` if no complete answer arrives; the message names the address.
result<admin_answer> ask_daemon(const admin_address& where, const std::string& token,
                                const std::string& method, const std::string& target);

} // namespace winnow
