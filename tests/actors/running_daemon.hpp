#pragma once

#include "actors/admin/introspector.hpp"
#include "actors/supervision/supervisor.hpp"
#include "flaky_store.hpp"
#include "support/http_client.hpp"
#include "support/temp_dir.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <map>
#include <mutex>
#include <optional>

namespace winnow::test {

/// All actors together, with real threads, a real port, the memory store and the bookshop's models. Ready
/// when the constructor returns.
class running_daemon {
public:
  running_daemon();
  /// @param supervision Without groups: the daemon's. @param models Null: the bookshop's. @param rules May be
  ///   null.
  explicit running_daemon(settings options, supervision_tree supervision = {}, model_set_ptr models = nullptr,
                          shop_rules_ptr rules = nullptr);
  ~running_daemon();
  running_daemon(const running_daemon&) = delete;
  running_daemon& operator=(const running_daemon&) = delete;

  /// Settings for the memory store and any free port, with time-outs that are long enough for slow machines.
  static settings usual_settings();

  const http_client& http() const { return *http_; }
  flaky_store& store() { return *store_; }
  health_board& health() { return *health_; }
  fault_injection& faults() { return *faults_; }
  const actor_tree& tree() const { return *tree_; }
  metrics& meters() { return *meters_; }
  const recent_profiles& recent() const { return *recent_; }
  const supervisor_actor& handle() const { return supervisor_; }

  void write(const std::string& user, const std::string& json, const std::string& timestamp = {});
  std::optional<std::string> list_of(const std::string& user);
  std::optional<std::string> value_of(const std::string& key) const; ///< In the store.

  /// Waits for a list of the user that differs from `other`. Fails the test if there is none in time.
  std::string wait_for_list(const std::string& user, const std::string& other = {});

  /// The names of the supervised actors.
  std::vector<std::string> children();

  /// Kills an actor, as a crash would.
  void kill(const std::string& child);

  /// Returns the status of all actors.
  status_report_ptr report();

  double metric(std::string_view name) const { return metrics::total(meters_->collect(), name); }

  /// Why the supervisor gave up; empty if it did not.
  std::string fatal();

private:
  temp_dir scratch_; ///< For what the daemon keeps.
  std::shared_ptr<memory_core> core_ = make_memory_core();
  std::shared_ptr<flaky_store> store_ = std::make_shared<flaky_store>(core_);
  std::shared_ptr<health_board> health_ = std::make_shared<health_board>();
  std::shared_ptr<metrics> meters_ = std::make_shared<metrics>();
  std::shared_ptr<recent_profiles> recent_ = std::make_shared<recent_profiles>(100);
  std::shared_ptr<actor_tree> tree_ = std::make_shared<actor_tree>();
  std::shared_ptr<fault_injection> faults_ = std::make_shared<fault_injection>();
  std::mutex mutex_;
  std::map<std::string, caf::actor> children_;
  std::string fatal_;
  caf::actor_system_config config_;
  std::optional<caf::actor_system> system_;
  supervisor_actor supervisor_;
  std::optional<http_client> http_;
};

} // namespace winnow::test
