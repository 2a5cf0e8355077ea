#include "actors/runtime/crash_reason.hpp"

#include <caf/sec.hpp>
#include <string>

namespace winnow {

caf::error crash_reason(std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& failure) {
    return caf::make_error(caf::sec::runtime_error, std::string(failure.what()));
  } catch (...) {
    return caf::make_error(caf::sec::runtime_error, std::string("not a std::exception"));
  }
}

} // namespace winnow
