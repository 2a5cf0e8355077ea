#include "actors/supervision/supervision_tree.hpp"

#include <set>

namespace winnow {

namespace {

// What keeps failing is left out and retried. All other actors are indispensable.
supervised_child retried(const char* name) {
  supervised_child declared{name};
  declared.policy.exhausted = when_exhausted::mark_down;
  return declared;
}

} // namespace

supervision_tree daemon_supervision() {
  supervision_tree tree;
  // If a group keeps failing after one restart as a whole, the process must be restarted.
  tree.root.intensity = 1;
  tree.root.window = std::chrono::minutes(1);
  // The listener reports what changed since the gateway's sweep, so a new gateway needs a new sweep.
  tree.groups.push_back({"redis",
                         restart_strategy::rest_for_one,
                         {{"redis_gateway"}, {"background_gateway"}, {"change_listener"}}});
  tree.groups.push_back({"stages",
                         restart_strategy::one_for_one,
                         {retried("candidate_generator"), retried("din_ranker"), retried("ranknet_ranker")}});
  // The poller survives the recommender: it knows what was computed for each user, which is expensive to
  // find out.
  tree.groups.push_back({"pipeline", restart_strategy::one_for_one, {{"recommender"}, {"profile_poller"}}});
  // Without it the models serve as they are. It stops after the poller, so that it learns all that was told.
  tree.groups.insert(tree.groups.end() - 1,
                     {"learning", restart_strategy::one_for_one, {retried("transition_learner")}});
  // Without it items stay as they are.
  tree.groups.insert(tree.groups.end() - 1,
                     {"items", restart_strategy::one_for_one, {retried("item_keeper")}});
  // It stops after the poller, so that it acknowledges what the poller has finished.
  tree.groups.insert(tree.groups.end() - 1,
                     {"fleet", restart_strategy::one_for_one, {retried("fleet_member")}});
  // Stops before the pipeline, so that what it stored last is still noticed.
  tree.groups.push_back({"kafka", restart_strategy::one_for_one, {retried("kafka_consumer")}});
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

} // namespace winnow
