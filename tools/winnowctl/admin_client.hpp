#pragma once

#include "config/settings/admin_address.hpp"

#include <string>

namespace winnow {

struct admin_answer {
  unsigned status = 0;
  std::string body;
};

/// One request to the admin endpoint. Blocks for a few seconds at most.
/// Fails with `unavailable` where no whole answer comes, naming the address.
result<admin_answer> ask_daemon(const admin_address& where, const std::string& token,
                                const std::string& method, const std::string& target);

} // namespace winnow
