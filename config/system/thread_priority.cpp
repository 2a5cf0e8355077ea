#include "config/system/thread_priority.hpp"

#include "config/log/log.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

/// The argument of sched_setattr(2), in its first version. Declared here because the kernel's header
/// conflicts with <sched.h> of C libraries before 2.41.
struct scheduling_attributes {
  std::uint32_t size, policy;
  std::uint64_t flags;
  std::int32_t niceness;
  std::uint32_t priority;
  std::uint64_t turn, deadline, period; ///< Nanoseconds.
};

/// Logs what the system has just refused; errno holds the reason.
void warn(std::string_view what, std::string_view purpose, const log_field& refused) {
  log_event(log_level::warning, "winnowd", what,
            {{"purpose", purpose}, refused, {"reason", std::generic_category().message(errno)}});
}

} // namespace

void lower_thread_priority(int niceness, std::string_view purpose) {
  if (::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness) != 0)
    warn("cannot lower the priority of a thread", purpose, {"niceness", niceness});
}

void shorten_thread_turns(std::chrono::nanoseconds turn, std::string_view purpose) {
  constexpr int this_thread = 0;
  scheduling_attributes attributes{};
  bool done = ::syscall(SYS_sched_getattr, this_thread, &attributes, sizeof attributes, 0) == 0;
  if (done) {
    attributes.turn = static_cast<std::uint64_t>(turn.count());
    done = ::syscall(SYS_sched_setattr, this_thread, &attributes, 0) == 0;
  }
  if (!done)
    warn("cannot shorten the turns of a thread", purpose, {"turn_ns", turn.count()});
}

} // namespace winnow
