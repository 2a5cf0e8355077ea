#include "config/error.hpp"

namespace winnow {

std::string_view to_string(fault cause) noexcept {
  switch (cause) {
  case fault::invalid_argument:
    return "invalid_argument";
  case fault::malformed:
    return "malformed";
  case fault::unsupported:
    return "unsupported";
  case fault::too_large:
    return "too_large";
  case fault::not_found:
    return "not_found";
  case fault::denied:
    return "denied";
  case fault::conflict:
    return "conflict";
  case fault::unavailable:
    return "unavailable";
  case fault::overloaded:
    return "overloaded";
  case fault::timeout:
    return "timeout";
  case fault::out_of_space:
    return "out_of_space";
  case fault::io_error:
    return "io_error";
  case fault::internal:
    return "internal";
  }
  return "unknown";
}

} // namespace winnow
