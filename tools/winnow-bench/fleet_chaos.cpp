#include "tools/winnow-bench/fleet_chaos.hpp"

#include "tools/support/wait_until.hpp"
#include "tools/winnow-bench/fleet_load.hpp"
#include "tools/winnow-bench/fleet_rows.hpp"
#include "tools/winnow-bench/fleet_run.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t users_in_redis = 5000;
constexpr std::size_t watched_users = 50;
constexpr std::size_t replicas = 3;
constexpr std::chrono::minutes patience{3};

bool has_settled(fleet_run& run) {
  const std::string fleet = "winnow:fleet:{bench}:";
  try {
    return run.redis().call({"SCARD", fleet + "waiting"}) == "0" &&
           run.redis().call({"XPENDING", fleet + "changes", "winnow"}).substr(0, 1) == "0";
  } catch (const std::exception&) {
    return false;
  }
}

/// What a failure was answered with, but for the lists.
struct endured {
  double computed = 0, twice = 0;
  double longest = 0, normal = 0; ///< In seconds.
  std::uint64_t requests = 0, refused = 0, unanswered = 0;
  std::size_t went_back = 0;
};

/// How much has been added, without what was by replicas that have ended.
double added_since(const std::vector<double>& before, const std::vector<double>& now) {
  double all = 0;
  for (std::size_t i = 0; i < now.size(); ++i)
    all += std::max(0.0, now[i] - (i < before.size() ? before[i] : 0));
  return all;
}

result<endured> strike(fleet_run& run, const deployment& data, const fleet_mishap& what) {
  endured seen;
  const auto computed_before = run.values("winnow_poller_profiles_changed_total");
  const auto twice_before = run.values("winnow_fleet_computed_twice_total");
  storm changes(run, data);
  probe times(run, data);
  rest_load requests(run, data);
  version_watch versions(run, {data.users.begin(), data.users.begin() + watched_users});
  std::this_thread::sleep_for(2s);
  auto from = clock::now();
  if (auto struck = what.strike(); !struck)
    return tl::unexpected(struck.error());
  std::this_thread::sleep_for(what.lasts);
  if (what.hits_all)
    from = clock::now();
  if (auto relieved = what.relieve(); !relieved)
    return tl::unexpected(relieved.error());
  std::this_thread::sleep_for(6s);
  times.end();
  changes.end();
  requests.end();
  if (!wait_until([&] { return has_settled(run); }, patience))
    return fail(fault::timeout, what.name + ": changes wait for ever");
  seen.went_back = versions.end();
  seen.longest = times.longest();
  seen.normal = times.normal_after(from);
  seen.requests = requests.requests();
  seen.refused = requests.refused();
  seen.unanswered = requests.unanswered();
  seen.computed = added_since(computed_before, run.values("winnow_poller_profiles_changed_total"));
  seen.twice = added_since(twice_before, run.values("winnow_fleet_computed_twice_total"));
  return seen;
}

result<void> endure(fleet_run& run, const deployment& data, const fleet_mishap& what, report_section& into) {
  const auto seen = strike(run, data, what);
  if (!seen)
    return tl::unexpected(seen.error());
  auto users = data.users;
  users.emplace_back("probe");
  const auto wrong = find_wrong_lists(run, users);
  if (!wrong)
    return tl::unexpected(wrong.error());
  into.rows.emplace_back()
      .text("what", what.name)
      .number("lists", seen->computed)
      .number("changes lost", static_cast<double>(wrong->lost))
      .number("stale lists", static_cast<double>(wrong->stale + seen->went_back))
      .number("computed twice %", seen->computed > 0 ? seen->twice / seen->computed * 100 : 0)
      .number("longest s", seen->longest)
      .number("normal after s", seen->normal)
      .number("requests", static_cast<double>(seen->requests))
      .number("refused", static_cast<double>(seen->refused))
      .number("unanswered", static_cast<double>(seen->unanswered));
  print_progress(what.name + ": " + number_text(static_cast<double>(wrong->lost)) + " lost, " +
                 number_text(static_cast<double>(wrong->stale + seen->went_back)) + " stale, normal after " +
                 number_text(seen->normal) + " s");
  return run.assemble(true);
}

result<void> play(const fleet_scene& scene, const deployment& data, const std::string& only,
                  report_section& into) {
  auto run = fleet_run::prepare(data, scene.store);
  if (!run)
    return tl::unexpected(run.error());
  auto chosen = scene.mishaps(*run);
  chosen.erase(std::remove_if(chosen.begin(), chosen.end(),
                              [&](const auto& one) { return one.name.find(only) == std::string::npos; }),
               chosen.end());
  if (chosen.empty())
    return {};
  for (std::size_t i = 0; i < replicas; ++i)
    if (auto added = run->add(1, true); !added)
      return tl::unexpected(added.error());
  if (auto whole = run->assemble(true); !whole)
    return whole;
  for (const auto& what : chosen)
    if (auto done = endure(*run, data, what, into); !done)
      return done;
  return {};
}

} // namespace

result<void> fleet_chaos(const bench_options& options, const std::string& only, bench_report& report) {
  auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  data->keep_users(users_in_redis);
  auto& section = report.section("fleet_chaos",
                                 "Failures of a fleet of three replicas under 2,500 changes/s and requests");
  for (const auto& scene : fleet_scenes()) {
    try {
      if (auto done = play(scene, *data, only, section); !done)
        return done;
    } catch (const std::exception& failed) {
      return fail(fault::unavailable, failed.what()); // a server of the store
    }
  }
  section.note =
      "Changes lost: lists that are missing or of an earlier profile. Stale: lists of other models than "
      "those "
      "in force, and lists of newer models that older ones replaced. Longest: from a change of one profile "
      "to "
      "its list, the whole time. Normal: from the failure, or from its end if it hits all replicas, to the "
      "last such list that took over a second. Refused: answers 5xx. Unanswered: by no replica, where "
      "clients "
      "ask the next one if one is silent. A replica that was killed is replaced after 5 s.";
  return {};
}

} // namespace winnow::bench
