#include "actors/admin/fleet_json.hpp"

#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

/// @param age Of the state: the store may be away since.
ordered_json replica_object(const fleet_peer& peer, const fleet_state& state, std::uint64_t computed_by_all,
                            std::chrono::milliseconds age) {
  const auto& report = peer.report;
  const char* const role = !peer.live                        ? "silent"
                           : report.id == state.leader       ? "leader"
                           : report.models != state.in_force ? "outdated"
                                                             : "follower";
  const double share = computed_by_all == 0
                           ? 0.0
                           : static_cast<double>(report.computed) / static_cast<double>(computed_by_all);
  return {{"id", report.id},
          {"role", role},
          {"live", peer.live},
          {"rest", report.rest_address},
          {"admin", report.admin_address},
          {"version", report.program},
          {"models", report.models},
          {"rules", report.rules},
          {"learned", report.learned},
          {"in_hand", report.in_hand},
          {"computed", report.computed},
          {"share", static_cast<double>(static_cast<int>(share * 1000 + 0.5)) / 1000},
          {"claimed", report.claimed},
          {"computed_twice", report.computed_twice},
          {"last_seen_ms", (peer.last_seen + age).count()}};
}

} // namespace

ordered_json fleet_object(const fleet_board& board) {
  ordered_json body{{"name", board.name()}, {"replica", board.replica()}, {"role", to_string(board.role())}};
  body["replicas"] = ordered_json::array();
  const auto state = board.state();
  if (!state)
    return body;
  const auto age = board.age_of_state();
  body["as_of_ms"] = age.count();
  body["leader"] = state->leader;
  body["models"] = state->in_force;
  body["waiting"] = state->waiting;
  body["taken"] = state->taken;
  body["stream"] = state->stream;
  body["lag_ms"] = state->lag.count();
  std::uint64_t computed = 0;
  for (const auto& peer : state->peers)
    computed += peer.report.computed;
  for (const auto& peer : state->peers)
    body["replicas"].push_back(replica_object(peer, *state, computed, age));
  return body;
}

} // namespace winnow
