#pragma once

#include "actors/activity_history.hpp"
#include "actors/actor_tree.hpp"
#include "actors/health_board.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/profile_directory.hpp"
#include "actors/stage_dispatcher.hpp"
#include "config/settings.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace winnow {

/// What the supervisor builds the daemon from.
struct supervisor_parts {
  settings options;
  std::size_t stage_workers = 1;
  model_set_ptr models;
  std::shared_ptr<profile_store> store;    ///< Handed to one gateway at a time.
  std::shared_ptr<change_tracker> changes; ///< Handed to one listener at a time.
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  std::function<void(const std::string&)> on_fatal; ///< Called once restarting no longer helps.
  /// Told of each actor that is started, also anew, by its name; may be empty. Runs on the supervisor's
  /// thread.
  std::function<void(const std::string&, const caf::actor&)> on_started = {};
  std::shared_ptr<actor_tree> tree = std::make_shared<actor_tree>();
  std::shared_ptr<activity_history> history = std::make_shared<activity_history>();
  std::function<void()> on_drain = [] {}; ///< An operator wants the daemon to finish and end. Any thread.
};

/// Starts the other actors, tells them of each other, and starts anew what dies: one for one, after a pause
/// that doubles while deaths follow each other. More deaths of one actor than the intensity allows are fatal:
/// then the process has to begin anew.
struct supervisor_state {
  static inline const char* name = "supervisor";

  /// Deaths that are forgiven within the window.
  static constexpr std::size_t intensity = 5;
  static constexpr std::chrono::seconds window{10};
  static constexpr std::chrono::milliseconds first_pause{100};
  static constexpr std::chrono::milliseconds longest_pause{10'000};
  static constexpr std::chrono::seconds listen_patience{10};

  explicit supervisor_state(supervisor_actor::pointer owner) : self_(owner) {}

  void start(supervisor_parts parts);
  void child_died(const caf::actor_addr& address, const caf::error& reason);
  void revive(std::size_t index);
  void reload(const model_set_ptr& models);
  caf::result<listen_reply> listen();
  caf::result<listen_reply> listen_for_operators();
  caf::result<std::uint64_t> drain();
  caf::result<count_reply> scale(const std::string& stage, std::uint64_t workers);
  actor_status_ptr status() const { return status_of(*record_); }
  void stop_children();

private:
  using starter = std::function<caf::actor(const actor_record_ptr& record)>;

  struct child {
    std::string name;
    bool wants_neighbours = false;
    starter start; ///< Also puts the typed handle into `current_`.
    actor_record_ptr record;
    caf::actor handle = {};
    std::deque<steady_clock::time_point> deaths = {};
  };

  void declare_children();
  void declare_admin();
  void declare(const std::string& child_name, bool wants_neighbours, starter start);
  void declare_stage(const std::string& stage, stage_actor neighbours::*slot, const worker_factory& worker);
  void spawn(child& starting);
  void listen_again();
  void listen_for_operators_again();
  void tell_everybody();

  supervisor_actor::pointer self_;
  supervisor_parts parts_;
  actor_record_ptr record_;
  neighbours current_;
  http_server_actor http_;
  admin_server_actor admin_;
  change_listener_actor listener_;
  std::shared_ptr<profile_directory> directory_;
  std::vector<child> children_;
  const std::chrono::system_clock::time_point up_since_ = std::chrono::system_clock::now();
  std::map<std::string, std::size_t> stage_workers_; ///< By stage: as set at start, or since.
  bool listening_ = false;       ///< The HTTP server was told to listen: a new one has to listen again.
  bool admin_listening_ = false; ///< The same for the admin server.
};

supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           supervisor_parts parts);

} // namespace winnow
