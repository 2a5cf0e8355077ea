#include "actors/pipeline/omission_log.hpp"

#include "config/log/log.hpp"

namespace winnow {

void omission_log::note(std::string_view stage, const std::string& reason, clock::time_point now) {
  auto found = stages_.find(stage);
  if (found == stages_.end())
    found = stages_.emplace(stage, entry{}).first;
  auto& [logged, unlogged] = found->second;
  ++unlogged;
  if (logged && now - *logged < interval)
    return;
  log_event(log_level::warning, "recommender", "stage left out",
            {{"stage", stage}, {"lists", unlogged}, {"reason", reason}});
  logged = now;
  unlogged = 0;
}

} // namespace winnow
