#include "config/thread_priority.hpp"

#include "config/log.hpp"

#include <cerrno>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace winnow {

void lower_thread_priority(int niceness, std::string_view purpose) {
  if (::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness) != 0)
    log_event(
        log_level::warning, "winnowd", "cannot lower the priority of a thread",
        {{"purpose", purpose}, {"niceness", niceness}, {"reason", std::generic_category().message(errno)}});
}

} // namespace winnow
