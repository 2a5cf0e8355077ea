#include "actors/runtime/crash_reason.hpp"

#include "config/log/standard_streams.hpp"

#include <boost/system/system_error.hpp>
#include <caf/sec.hpp>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <utility>

namespace winnow {

namespace {

caf::error crash(std::string message) {
  return caf::make_error(caf::sec::runtime_error, std::move(message));
}

/// What an operator can do about it; empty if that is not known.
std::string advice_about(const std::error_code& code) {
  rlimit limit{};
  if (code != std::errc::too_many_files_open || ::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return {};
  return ": raise the limit of open files (LimitNOFILE=, --ulimit nofile=, ulimit -n), which is " +
         std::to_string(limit.rlim_cur);
}

} // namespace

caf::error crash_reason(std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::system_error& failure) {
    exit_if_no_room_for_thread(failure);
    return crash(failure.what() + advice_about(failure.code()));
  } catch (const boost::system::system_error& failure) {
    return crash(failure.what() + advice_about(failure.code()));
  } catch (const std::exception& failure) {
    return crash(failure.what());
  } catch (...) {
    return crash("not a std::exception");
  }
}

} // namespace winnow
