#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace winnow::client {

/// Why a call brought no value.
enum class cause {
  invalid_argument, ///< The URL, the token, a certificate's file or an argument cannot be used; nothing was
                    ///< sent.
  connection,       ///< No connection could be made, or it broke before the whole answer arrived.
  timeout,          ///< The call's time was over. The daemon may still do what was asked.
  invalid_answer,   ///< What answered is no winnowd, or one whose answers this client does not understand.
  refused,          ///< The daemon refused: see `failure::status`.
};

/// A call that failed.
struct failure {
  cause why = cause::connection;
  std::string detail;     ///< What the daemon says, if it refused.
  std::string request_id; ///< The X-Request-ID under which the daemon logged the request, or the one sent.
  unsigned status = 0;    ///< The HTTP status, if the daemon refused; otherwise 0.
  std::optional<std::chrono::seconds> retry_after = std::nullopt; ///< Of the daemon's answer.
  /// Whether the same call may be made again: nothing was done, or doing it twice is as doing it once.
  bool repeatable = false;
};

/// A value, or the reason why there is none.
template<class T>
using result = tl::expected<T, failure>;

} // namespace winnow::client
