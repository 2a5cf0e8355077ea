#include "config/log/flood_limit.hpp"

#include <utility>

namespace winnow {

bool flood_limit::is_due(const entry& of, clock::time_point now) const {
  return !of.reported || now - *of.reported >= interval_;
}

void flood_limit::note(std::string_view cause, std::string_view subject, std::string_view reason,
                       clock::time_point now) {
  const std::lock_guard lock(mutex_);
  auto found = causes_.find(cause);
  if (found == causes_.end())
    found = causes_.emplace(cause, entry{}).first;
  entry& known = found->second;
  ++known.unreported;
  if (is_due(known, now)) {
    write_({cause, std::exchange(known.unreported, 0), subject, reason});
    known.reported = now;
  } else if (known.unreported == 1) {
    known.subject = subject;
    known.reason = reason;
  }
}

void flood_limit::report_due(clock::time_point now) {
  const std::lock_guard lock(mutex_);
  for (auto& [cause, known] : causes_)
    if (is_due(known, now))
      write_unreported(known, cause, now);
}

void flood_limit::report_all(clock::time_point now) {
  const std::lock_guard lock(mutex_);
  for (auto& [cause, known] : causes_)
    write_unreported(known, cause, now);
}

void flood_limit::write_unreported(entry& known, std::string_view cause, clock::time_point now) {
  if (known.unreported == 0)
    return;
  write_({cause, std::exchange(known.unreported, 0), known.subject, known.reason});
  known.reported = now;
}

} // namespace winnow
