#pragma once

#include <cstdint>
#include <string>

namespace winnow::http {

/// Makes request ids: 13 letters and digits, random enough to tell requests apart across restarts and hosts.
/// One an I/O thread; not thread-safe.
class request_id_source {
public:
  request_id_source();

  std::string next();

private:
  std::uint64_t state_;
};

} // namespace winnow::http
