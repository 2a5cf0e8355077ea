#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace winnow {

/// Why something failed. All folders share these causes. A cause is converted to an HTTP status in http/, to
/// an exit code in tools/ and to a metric label by `to_string`, each in exactly one place.
enum class fault {
  invalid_argument = 1, ///< The caller's input is wrong (a flag, a request, a parameter).
  malformed,            ///< Stored input is wrong (a file, a profile, a reply).
  unsupported,          ///< Well-formed, but uses a feature or opcode that is not accepted.
  too_large,            ///< Exceeds a stated limit.
  not_found,            ///< The named thing does not exist.
  denied,               ///< Refused because of credentials or permissions.
  conflict,             ///< Already taken, or of another kind (a port in use, a key of another type).
  unavailable,          ///< A dependency cannot be reached; a later attempt may work.
  overloaded,           ///< Refused because too much work is in flight.
  timeout,              ///< The deadline passed.
  out_of_space,         ///< The memory or disk that may be used is full.
  io_error,             ///< The operating system refused a read or write.
  internal,             ///< A defect in Winnow itself.
};

/// The name of a cause as it appears in logs and metric labels.
std::string_view to_string(fault cause) noexcept;

/// A failure: its cause, and a message that names the file, key, field or tensor, the expected value and the
/// actual one.
struct error {
  fault cause = fault::internal;
  std::string message; ///< For operators.
  /// What clients outside are told in place of `message`, if that quotes another program, which may mention
  /// its paths, limits or host names. Empty: clients are told `message`.
  std::string public_message = {};
};

/// What clients outside may be told of a failure.
inline const std::string& public_text(const error& failure) noexcept {
  return failure.public_message.empty() ? failure.message : failure.public_message;
}

/// A value, or the reason why there is none. Returned by functions at a boundary.
template<class T>
using result = tl::expected<T, error>;

/// Builds the failed state of any `result`.
inline tl::unexpected<error> fail(fault cause, std::string message) {
  return tl::unexpected<error>(error{cause, std::move(message)});
}

/// Prefixes a lower layer's message with context: `context: message`. The same for the public message, if
/// there is one.
inline tl::unexpected<error> fail(std::string_view context, const error& lower) {
  const auto prefixed = [context](const std::string& text) { return std::string(context) + ": " + text; };
  return tl::unexpected<error>(
      error{lower.cause, prefixed(lower.message),
            lower.public_message.empty() ? std::string() : prefixed(lower.public_message)});
}

} // namespace winnow
