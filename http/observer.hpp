#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

namespace winnow::http {

/// One answered request, for metrics. The views are valid during the call only.
struct exchange {
  std::string_view route;  ///< The pattern, or `unmatched`: safe as a label.
  std::string_view method; ///< As sent, empty where the request line was not understood: not safe as a label.
  std::string_view target;
  unsigned status = 0;
  std::chrono::nanoseconds duration{}; ///< From the request's first byte to the answer's last.
  std::size_t bytes = 0;               ///< Sent, headers included.
  std::string_view request_id;
  std::string_view client; ///< Address and port.
};

/// What the server tells about itself; either may be empty. Called on the I/O threads: must not block or
/// throw, and must be thread-safe where there are several.
struct observer {
  std::function<void(const exchange&)> on_exchange;
  std::function<void(std::size_t)> on_connections; ///< How many are open, after each change.
};

} // namespace winnow::http
