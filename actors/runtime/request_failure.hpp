#pragma once

#include "config/error.hpp"

#include <caf/error.hpp>
#include <caf/sec.hpp>
#include <string>
#include <string_view>
#include <utility>

/// Converts the error of a request between actors (`caf::error`) to a Winnow error.
namespace winnow {

/// Returns whether no reply arrived in time.
inline bool timed_out(const caf::error& reason) {
  return reason == caf::sec::request_timeout;
}

/// Returns `timeout` with the message `late` if the request timed out. Otherwise the actor is gone: returns
/// `unavailable` with the message `gone`.
inline error request_failure(const caf::error& reason, std::string late, std::string gone) {
  if (timed_out(reason))
    return {fault::timeout, std::move(late)};
  return {fault::unavailable, std::move(gone)};
}

/// Returns `unavailable` for any reason, with the message `target: reason`.
inline error unavailable(std::string_view target, const caf::error& reason) {
  return {fault::unavailable, std::string(target) + ": " + to_string(reason)};
}

} // namespace winnow
