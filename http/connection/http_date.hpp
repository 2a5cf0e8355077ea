#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace winnow::http {

/// Formats `Date` headers. Keeps the text of the current second, because every answer asks for it. Each I/O
/// thread has its own; not thread-safe.
class http_date {
public:
  /// The current time, e.g. `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7). Valid until the next call.
  std::string_view now() {
    const std::time_t second = std::time(nullptr);
    return second == second_ ? text_ : at(second);
  }

  /// The same for a given time.
  std::string_view at(std::time_t second);

private:
  std::time_t second_ = -1;
  std::string text_;
};

} // namespace winnow::http
