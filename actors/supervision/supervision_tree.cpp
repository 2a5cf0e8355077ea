#include "actors/supervision/supervision_tree.hpp"

#include <algorithm>
#include <set>

namespace winnow {

namespace {

// A stage that keeps failing is left out of the cascade; without any other actor there is no service.
supervised_child stage(const char* name) {
  supervised_child declared{name};
  declared.policy.exhausted = when_exhausted::mark_down;
  return declared;
}

} // namespace

supervision_tree daemon_supervision() {
  supervision_tree tree;
  // A group that was started anew as a whole once and still cannot live needs a new process.
  tree.root.intensity = 1;
  tree.root.window = std::chrono::minutes(1);
  // The listener's announcements say what changed since the gateway's sweep: a new gateway wants a new sweep.
  tree.groups.push_back({"redis", restart_strategy::rest_for_one, {{"redis_gateway"}, {"change_listener"}}});
  tree.groups.push_back({"stages",
                         restart_strategy::one_for_one,
                         {stage("candidate_generator"), stage("din_ranker"), stage("ranknet_ranker")}});
  // The poller survives the recommender: it knows of every user what was computed, which is dear to learn.
  tree.groups.push_back({"pipeline", restart_strategy::one_for_one, {{"recommender"}, {"profile_poller"}}});
  tree.groups.push_back({"http",
                         restart_strategy::one_for_one,
                         {{"metrics_aggregator"}, {"introspector"}, {"http_server"}, {"admin_server"}}});
  return tree;
}

result<void> check_children(const supervision_tree& tree, const std::vector<std::string>& declared) {
  std::set<std::string> missing(declared.begin(), declared.end());
  for (const auto& group : tree.groups)
    for (const auto& child : group.children)
      if (missing.erase(child.name) == 0)
        return fail(fault::internal, "the supervision tree's group " + group.name + " names " + child.name +
                                         ", which is not declared or is named twice");
  if (!missing.empty())
    return fail(fault::internal,
                "the supervision tree does not name " + *missing.begin() + ", which is declared");
  return {};
}

restart_history::restart_history(const restart_policy& policy, random_function random)
    : policy_(policy), random_(random ? std::move(random) : uniform_random()) {}

restart_history::verdict restart_history::died(clock::time_point now) {
  deaths_.push_back(now);
  while (now - deaths_.front() > policy_.window)
    deaths_.pop_front();
  in_a_row_ = now < calm_at_ ? in_a_row_ + 1 : 1;
  verdict told;
  told.deaths = deaths_.size();
  told.exhausted = told.deaths > policy_.intensity || now < on_trial_until_;
  told.pause = next_pause();
  calm_at_ = now + told.pause + policy_.window;
  if (told.exhausted)
    on_trial_until_ = calm_at_;
  return told;
}

/// Doubles, up to the longest, and is drawn from its upper third: what died together shall not start
/// together.
std::chrono::milliseconds restart_history::next_pause() {
  constexpr std::size_t enough_doublings = 20;
  const auto doubled = policy_.first_pause * (1 << std::min(in_a_row_ - 1, enough_doublings));
  const std::chrono::duration<double, std::milli> drawn = doubled * (1.0 + random_() / 2);
  return std::min(std::chrono::duration_cast<std::chrono::milliseconds>(drawn), policy_.longest_pause);
}

void restart_history::forget() {
  deaths_.clear();
  in_a_row_ = 0;
  on_trial_until_ = calm_at_ = {};
}

} // namespace winnow
