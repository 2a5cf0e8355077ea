#include "actors/metrics/metrics.hpp"
#include "actors/status/health_board.hpp"
#include "actors/supervision/supervision_tree.hpp"
#include "config/all_faults.hpp"

// A counter that appears with its first failure has no rate for that failure, so no alert sees it. All that
// count what goes wrong are therefore there from the start, at zero, under every label that they can have.

namespace winnow {

void metrics::expose_failures() {
  for (const auto cause : all_faults) {
    const auto reason = to_string(cause);
    for (const char* origin : {"http", "poller"})
      requests_.expose({origin, reason});
    for (const auto stage : stage_names)
      stage_failures_.expose({stage, reason});
    for (const char* stage : {"din", "ranknet"}) // without candidates there is no list, so these two alone
      degraded_.expose({stage, reason});
    profiles_failed_.expose({reason});
    retries_.expose({reason});
    store_failures_.expose({reason});
  }
  for (const auto& group : daemon_supervision().groups)
    for (const auto& child : group.children)
      restarts_.expose({child.name});
}

void metrics::http_route(std::string_view route) {
  for (const char* refusal : {"500", "503", "504"})
    http_requests_.expose({route, refusal});
}

} // namespace winnow
