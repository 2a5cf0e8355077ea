#include "config/settings/table/setting_kinds.hpp"
#include "config/settings/table/setting_table_parts.hpp"

namespace winnow {

using namespace setting_kinds;
using namespace std::chrono_literals;

std::vector<setting> pipeline_setting_table() {
  constexpr std::string_view group = "Pipeline";
  const auto in = [](auto member) { return at(&settings::pipeline, member); };
  return {
      duration({"deadline", group, {}, "Time for one request, from arrival to answer"}, 1ms, 10min,
               in(&pipeline_settings::deadline)),
      number({"max-in-flight", group, "COUNT",
              "Maximum number of requests in the pipeline; further ones are answered with 503"},
             1u, 1'000'000u, in(&pipeline_settings::max_in_flight)),
      duration({"max-queue-age", group, {}, "Requests that would wait longer in the pipeline are refused"},
               1ms, 10min, in(&pipeline_settings::max_queue_age)),
      number({"background-in-flight", group, "COUNT",
              "How many requests in the pipeline may be for changed profiles"},
             1u, 1'000'000u, in(&pipeline_settings::background_in_flight)),
      number({"watch-taken", group, "USERS",
              "Users whose last lists are kept, to see whether they take what is on them; 0: none"},
             0u, 100'000'000u, in(&pipeline_settings::watched_users)),
      number({"max-batch", group, "COUNT", "Maximum number of requests that a worker takes at once"}, 1u,
             4096u, in(&pipeline_settings::max_batch)),
      number(
          {"stage-workers", group, "COUNT", "Workers per stage, and compute threads; 0: one per usable core"},
          0u, 1024u, in(&pipeline_settings::stage_workers)),
      duration({"shutdown-delay",
                group,
                {},
                "Time to serve on after SIGTERM, with /readyz at 503, until load balancers have noticed"},
               0ms, 1h, in(&pipeline_settings::shutdown_delay)),
      duration({"drain-timeout", group, {}, "Time for work in flight to finish after SIGTERM"}, 0ms, 1h,
               in(&pipeline_settings::drain_timeout)),
  };
}

std::vector<setting> poller_setting_table() {
  constexpr std::string_view group = "Changes";
  const auto in = [](auto member) { return at(&settings::poller, member); };
  return {
      duration({"poll-interval", group, {}, "Time between sweeps if the store cannot announce changes"}, 10ms,
               24h, in(&poller_settings::poll_interval)),
      duration({"sweep-interval", group, {}, "Time between sweeps if it announces them"}, 10ms, 24h,
               in(&poller_settings::sweep_interval)),
      on_off({"keep-lists", group, {}, "Keep the list of a user whose profile was removed"},
             in(&poller_settings::keep_lists)),
      duration({"remove-older-profiles",
                group,
                {},
                "Remove profiles with a timestamp that long ago, and their results, if the user has a newer "
                "one; 0: never"},
               0ms, 87'600h, in(&poller_settings::older_profiles)),
  };
}

std::vector<setting> fleet_setting_table() {
  constexpr std::string_view group = "Fleet";
  const auto in = [](auto member) { return at(&settings::fleet, member); };
  return {
      key_name({"fleet", group, "NAME",
                "Share the changes of one Redis with all replicas of this name; empty: this daemon is alone"},
               in(&fleet_settings::name)),
      duration({"fleet-claim-after",
                group,
                {},
                "Work that a replica does not renew for this time is taken over by another"},
               100ms, 1h, in(&fleet_settings::claim_after)),
  };
}

std::vector<setting> learning_setting_table() {
  constexpr std::string_view group = "Learning";
  const auto in = [](auto member) { return at(&settings::learning, member); };
  return {
      duration({"learn-interval",
                group,
                {},
                "Least time between two versions of what is learned from changed profiles; 0: learn nothing"},
               0ms, 1h, in(&learning_settings::interval)),
      duration({"learn-half-life", group, {}, "After it, an event counts half as much as a new one"}, 1s,
               87'600h, in(&learning_settings::half_life)),
      number({"learn-successors", group, "COUNT", "Learned transitions of an item; the heaviest stay"}, 1u,
             1024u, in(&learning_settings::successors)),
      number({"learn-transitions", group, "COUNT", "Learned transitions of all items; 8 bytes each"}, 1000u,
             1'000'000'000u, in(&learning_settings::most_transitions)),
      number({"learn-users", group, "COUNT", "Users from whom is learned; about 30 bytes each"}, 1u,
             4'000'000'000u, in(&learning_settings::most_users)),
      number({"adopt-after", group, "READERS",
              "An item that the catalogue lacks is recommended once this number of users took it; 0: never"},
             0u, 1'000'000u, in(&learning_settings::adopt_after)),
      number({"adopt-most", group, "ITEMS", "Adopted items until the next training"}, 1u, 1'000'000u,
             in(&learning_settings::most_adopted)),
      duration({"learn-save-interval", group, {}, "Time between two writes of what was learned"}, 1s, 24h,
               in(&learning_settings::save_interval)),
      optional_text({"learn-state", group, "FILE",
                     "File that keeps what was learned; empty: .winnow-live/learned in the model directory"},
                    in(&learning_settings::state)),
  };
}

} // namespace winnow
