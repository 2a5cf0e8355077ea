#include "actors/metrics/fleet_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

#include <set>
#include <string>

namespace winnow {

fleet_metrics::fleet_metrics(prometheus::Registry& registry)
    : connected_(gauge(registry, "winnow_fleet_connected", "1: the store shows this replica its fleet.")),
      leader_(gauge(registry, "winnow_fleet_leader", "1: this replica finds the changes for all.")),
      outdated_(gauge(registry, "winnow_fleet_outdated",
                      "1: another replica has newer models, so this one takes no changes.")),
      replicas_(gauge(registry, "winnow_fleet_replicas", "Live replicas.")),
      versions_(gauge(registry, "winnow_fleet_versions", "Versions of models among the live replicas.")),
      rules_(gauge(registry, "winnow_fleet_rules",
                   "Different files of shop's rules among the live replicas, "
                   "where no file is one, too.")),
      waiting_(gauge(registry, "winnow_fleet_waiting_profiles",
                     "Changed profiles that no replica has taken yet.")),
      lag_(gauge(registry, "winnow_fleet_lag_seconds",
                 "Age of the oldest change that no replica has taken yet.")),
      stream_(gauge(registry, "winnow_fleet_stream_entries",
                    "Entries in the stream of changes, also finished ones.")),
      in_hand_(gauge(registry, "winnow_fleet_in_hand_profiles",
                     "Changed profiles that this replica has taken and not finished.")),
      enqueued_(counter(registry, "winnow_fleet_enqueued_total",
                        "Changes that this replica has shared as leader.")),
      taken_(counter(registry, "winnow_fleet_taken_total", "Changes that this replica has taken.")),
      claimed_(counter(registry, "winnow_fleet_claimed_total",
                       "Changes taken over from replicas that had died or hung.")),
      lost_(counter(registry, "winnow_fleet_lost_total",
                    "Changes that other replicas took over from this one.")),
      computed_twice_(counter(registry, "winnow_fleet_computed_twice_total",
                              "Lists that another replica had computed already.")),
      fenced_(counter(registry, "winnow_fleet_fenced_total",
                      "Times that the store refused this replica because another one leads.")),
      failures_(
          counter(registry, "winnow_fleet_failures_total", "Operations that the store did not carry out.")) {}

void fleet_metrics::saw(const fleet_state& state, fleet_role role) {
  std::set<std::string> versions, rules;
  std::size_t live = 0;
  for (const auto& peer : state.peers)
    if (peer.live) {
      ++live;
      versions.insert(peer.report.models);
      rules.insert(peer.report.rules);
    }
  connected(true);
  leader_.Set(role == fleet_role::leader ? 1 : 0);
  outdated_.Set(role == fleet_role::outdated ? 1 : 0);
  replicas_.Set(static_cast<double>(live));
  versions_.Set(static_cast<double>(versions.size()));
  rules_.Set(static_cast<double>(rules.size()));
  waiting_.Set(static_cast<double>(state.waiting));
  lag_.Set(to_seconds(state.lag));
  stream_.Set(static_cast<double>(state.stream));
}

void fleet_metrics::connected(bool live) {
  connected_.Set(live ? 1 : 0);
  if (!live)
    leader_.Set(0);
}

} // namespace winnow
