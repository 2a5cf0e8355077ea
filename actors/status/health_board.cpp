#include "actors/status/health_board.hpp"

namespace winnow {

health_board::health_board() {
  for (std::size_t i = 0; i < stages_.size(); ++i)
    stages_[i].name = stage_names[i];
}

stage_health& health_board::stage(std::string_view name) {
  for (auto& one : stages_)
    if (one.name == name)
      return one;
  return unknown_;
}

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
  if (store_refuses_writes && store_connected)
    reasons.emplace_back("the profile store refuses to store lists");
  if (stages_[0].down)
    reasons.emplace_back("candidate_generator is down");
  return reasons;
}

std::vector<std::string> health_board::reasons_degraded() const {
  std::vector<std::string> reasons;
  for (std::size_t i = 1; i < stages_.size(); ++i)
    if (stages_[i].down)
      reasons.push_back(std::string(stages_[i].name) + " is down");
  return reasons;
}

std::optional<error> health_board::overload(std::size_t max_in_flight) const {
  if (in_flight >= max_in_flight)
    return error{fault::overloaded, std::to_string(max_in_flight) + " requests are already in flight"};
  return std::nullopt;
}

std::optional<error> health_board::admission_error(std::size_t max_in_flight) const {
  if (auto why = overload(max_in_flight))
    return why;
  if (!store_connected)
    return error{fault::unavailable, "the profile store is not connected"};
  if (stages_[0].down)
    return error{fault::unavailable, "candidate_generator is down"};
  return std::nullopt;
}

} // namespace winnow
