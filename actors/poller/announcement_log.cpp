#include "actors/poller/announcement_log.hpp"

#include "actors/poller/profile_poller.hpp"
#include "config/log/log.hpp"

#include <string_view>
#include <utility>

namespace winnow {

namespace {

constexpr std::string_view stop = "stopped";
constexpr std::string_view missed = "possibly";
constexpr std::string_view not_missed = "nothing";

} // namespace

announcement_log::announcement_log()
    : flood_([this](const flood_limit::report& some) {
        if (some.cause != stop) {
          log_event(some.cause == missed ? log_level::warning : log_level::info, profile_poller_state::name,
                    "announcements of changes were interrupted",
                    {{"times", some.count}, {"missed", some.cause}, {"reason", some.reason}});
          return;
        }
        unannounced_ = true;
        log_event(log_level::warning, profile_poller_state::name,
                  "changes are not announced by the store, sweeping instead",
                  {{"times", some.count}, {"reason", some.reason}});
      }) {}

void announcement_log::resumed() {
  is_stopped_ = false;
  if (std::exchange(unannounced_, false))
    log_event(log_level::info, profile_poller_state::name, "changes are announced by the store");
}

void announcement_log::interrupted(const change_batch& batch) {
  flood_.note(batch.lost ? missed : not_missed, "", batch.interrupted);
}

void announcement_log::stopped(const std::string& reason) {
  if (!std::exchange(is_stopped_, true))
    flood_.note(stop, "", reason);
}

} // namespace winnow
