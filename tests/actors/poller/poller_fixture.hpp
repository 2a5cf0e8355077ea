#pragma once

#include "actors/poller/profile_poller.hpp"
#include "actors/store/redis_gateway.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/doubles.hpp"
#include "tests/actors/flaky_store.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace winnow::test {

/// The poller with the memory store and a scripted recommender that stores an empty list and records its
/// requests. Sweeps run only when a test requests one.
struct poller_fixture {
  poller_fixture() {
    settings.poll_interval = settings.sweep_interval = std::chrono::hours(1);
    gateway =
        world.spawn(redis_gateway, gateway_parts{store, health, meters, std::make_shared<actor_record>()});
    acts->answer = [this](const recommendation_request_ptr& request) {
      store_command command = write_list{request->user_id, request->timestamp, "[]"};
      memory_store(core).execute({&command, 1});
      return std::make_shared<const result<recommendation>>(recommendation{});
    };
    recommender = world.spawn(scripted_recommender, acts);
  }

  void start() {
    poller = world.spawn(profile_poller, parts());
    wire(bookshop());
  }

  poller_parts parts() {
    poller_parts all{settings, pipeline, directory, health, meters};
    all.sweep_clock = [this] { return now; };
    all.role = role;
    all.taken = taken;
    return all;
  }

  void wire(model_set_ptr models) {
    neighbours others;
    others.models = std::move(models);
    others.gateway = others.background_gateway = gateway;
    others.recommender = recommender;
    others.fleet = fleet;
    others.learner = learner;
    others.rules = rules;
    others.trials = trials;
    world.tell(poller, wire_atom_v, std::make_shared<const neighbours>(others));
  }

  void execute(const store_command& command) { memory_store(core).execute({&command, 1}); }

  void write(const std::string& user, const std::string& json, const std::string& timestamp = {}) {
    execute(write_profile{{user, timestamp}, json});
  }

  void announce(const std::string& user, const std::string& timestamp = {}) {
    change_batch batch;
    batch.changed.push_back({user, timestamp});
    world.tell(poller, changed_atom_v, std::make_shared<const change_batch>(batch));
  }

  void lose_announcements() {
    change_batch batch;
    batch.lost = true;
    world.tell(poller, changed_atom_v, std::make_shared<const change_batch>(batch));
  }

  /// Loses announcements after such a long time that the poller sweeps immediately.
  void sweep() {
    now += settings.sweep_interval;
    lose_announcements();
  }

  /// Lets time pass in steps of a second.
  void pass(std::chrono::seconds time) {
    for (const auto end = now + time; now < end;) {
      now += std::chrono::seconds(1);
      world.advance(std::chrono::seconds(1));
    }
  }

  /// Returns the users for whom the recommender received requests, in alphabetical order.
  std::vector<std::string> computed() const {
    std::vector<std::string> users;
    for (const auto& request : acts->seen)
      users.push_back(request->user_id);
    std::sort(users.begin(), users.end());
    return users;
  }

  double metric(std::string_view name) const { return metrics::total(meters->collect(), name); }

  std::shared_ptr<memory_core> core = make_memory_core();
  std::shared_ptr<flaky_store> store = std::make_shared<flaky_store>(core);
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<metrics> meters = std::make_shared<metrics>();
  std::shared_ptr<profile_directory> directory = std::make_shared<profile_directory>();
  std::shared_ptr<recommender_script> acts = make_recommender_script();
  steady_clock::time_point now = steady_clock::now(); ///< For the sweeps.
  poller_settings settings;
  pipeline_settings pipeline;
  actor_world world;
  redis_gateway_actor gateway;
  recommender_actor recommender;
  profile_poller_actor poller;
  fleet_role role = fleet_role::alone; ///< At the start.
  fleet_member_actor fleet;
  transition_learner_actor learner;
  std::shared_ptr<taken_watch> taken;
  shop_rules_ptr rules;
  model_trials_ptr trials;
};

} // namespace winnow::test
