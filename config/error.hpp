#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace winnow {

/// Why something failed: the one vocabulary of failure. It becomes an HTTP status in http/, an exit code in
/// tools/ and a metric label everywhere, each in exactly one place.
enum class fault {
  invalid_argument = 1, ///< The caller's input is wrong (a flag, a request, a parameter).
  malformed,            ///< Stored input is wrong (a file, a profile, a reply).
  unsupported,          ///< Well-formed, but refused: a feature or opcode that is not accepted.
  too_large,            ///< Over a stated limit.
  not_found,            ///< The named thing does not exist.
  denied,               ///< Credentials or permissions refuse it.
  conflict,             ///< Something else holds it (a port in use, a wrong type of key).
  unavailable,          ///< A neighbour is away; trying later may work.
  overloaded,           ///< Refused because too much is in flight.
  timeout,              ///< The deadline passed.
  io_error,             ///< The operating system refused a read or a write.
  internal,             ///< A defect of Winnow itself.
};

/// The name of a cause as it appears in logs and metric labels.
std::string_view to_string(fault cause) noexcept;

/// A failure: its cause, and a message that names the file, key, field or tensor, what was expected and what
/// came.
struct error {
  fault cause = fault::internal;
  std::string message;
};

/// What functions at a boundary return: a value, or why there is none.
template<class T>
using result = tl::expected<T, error>;

/// Builds the failed state of any `result`.
inline tl::unexpected<error> fail(fault cause, std::string message) {
  return tl::unexpected<error>(error{cause, std::move(message)});
}

/// Puts context before a lower layer's message: `context: message`.
inline tl::unexpected<error> fail(std::string_view context, const error& lower) {
  return tl::unexpected<error>(error{lower.cause, std::string(context) + ": " + lower.message});
}

} // namespace winnow
