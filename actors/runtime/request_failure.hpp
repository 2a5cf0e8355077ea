#pragma once

#include "config/error.hpp"

#include <caf/error.hpp>
#include <caf/sec.hpp>
#include <string>
#include <string_view>
#include <utility>

/// The one place where the error of a request between actors (`caf::error`) becomes a fault of Winnow's.
namespace winnow {

inline bool timed_out(const caf::error& reason) {
  return reason == caf::sec::request_timeout;
}

/// `timeout` with the message `late` if no answer came in time; else the actor is gone: `unavailable` with
/// the message `gone`.
inline error request_failure(const caf::error& reason, std::string late, std::string gone) {
  if (timed_out(reason))
    return {fault::timeout, std::move(late)};
  return {fault::unavailable, std::move(gone)};
}

/// `unavailable`, whatever the reason: `target: reason`.
inline error unavailable(std::string_view target, const caf::error& reason) {
  return {fault::unavailable, std::string(target) + ": " + to_string(reason)};
}

} // namespace winnow
