#pragma once

#include <cstdint>
#include <string>

namespace winnow::http {

/// Generates request ids: 13 letters and digits, random enough to distinguish requests across restarts and
/// hosts. Each I/O thread has its own; not thread-safe.
class request_id_source {
public:
  request_id_source();

  std::string next();

private:
  std::uint64_t state_;
};

} // namespace winnow::http
