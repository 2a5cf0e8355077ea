#include "actors/pipeline/omission_log.hpp"

#include "config/log/log.hpp"

namespace winnow {

void omission_log::note(std::string_view stage, const std::string& reason) {
  auto found = stages_.find(stage);
  if (found == stages_.end())
    found = stages_.emplace(stage, entry{}).first;
  auto& [told, untold] = found->second;
  ++untold;
  const auto now = std::chrono::steady_clock::now();
  if (now - told < interval)
    return;
  log_event(log_level::warning, "recommender", "stage left out",
            {{"stage", stage}, {"lists", untold}, {"reason", reason}});
  told = now;
  untold = 0;
}

} // namespace winnow
