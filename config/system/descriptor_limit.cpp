#include "config/system/descriptor_limit.hpp"

#include "config/log/log.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/resource.h>
#include <system_error>

namespace winnow {

namespace {

constexpr std::size_t for_refusals = 128; // As many as the HTTP server answers while it turns clients away.
constexpr std::size_t for_operators = 64; // The connections of the admin endpoint.
constexpr std::size_t for_the_rest = 64;  // Store, models, state, log, libraries.

} // namespace

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 1024;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) == 0)
    return limit.rlim_cur;
  log_event(
      log_level::warning, "winnowd", "the limit of open files stays",
      {{"limit", static_cast<std::uint64_t>(before)}, {"reason", std::generic_category().message(errno)}});
  return before;
}

std::size_t connections_below(std::size_t limit, std::size_t wanted) noexcept {
  constexpr std::size_t reserve = for_refusals + for_operators + for_the_rest;
  // With a tiny limit nothing works well; half of it for clients is the least bad.
  const std::size_t room = limit > 2 * reserve ? limit - reserve : limit / 2;
  return std::max<std::size_t>(std::min(wanted, room), 1);
}

} // namespace winnow
