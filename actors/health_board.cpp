#include "actors/health_board.hpp"

namespace winnow {

std::vector<std::string> health_board::reasons_not_ready() const {
  std::vector<std::string> reasons;
  if (draining)
    reasons.emplace_back("shutting down");
  if (!models_warm)
    reasons.emplace_back("models are being loaded");
  if (!store_connected)
    reasons.emplace_back("the profile store is not connected");
  else if (!profiles_listed)
    reasons.emplace_back("the profiles in the store are being listed");
  return reasons;
}

} // namespace winnow
