#pragma once

#include "tools/support/child_process.hpp"
#include "tools/support/redis_server.hpp"
#include "tools/support/store_setup.hpp"
#include "tools/support/tcp_proxy.hpp"
#include "tools/support/temp_dir.hpp"
#include "tools/winnow-bench/bench_report.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace winnow::bench {

/// The store of a fleet.
struct fleet_store {
  store_form form = store_form::redis; ///< One with servers.
  bool kept = false;                   ///< A single server keeps its data over a restart.
  std::size_t replicas = 1;            ///< Of each master of a cluster.
  bool proxied = false;                ///< Each replica reaches a single server through a proxy of its own.
};

/// Several winnowd on one private store, as a fleet or, if there is only one, also alone.
class fleet_run {
public:
  /// Starts the store, but no replica, and copies the models. @return `unavailable` with the store's error.
  static result<fleet_run> prepare(const deployment& data, const fleet_store& how = {});

  /// Starts one more replica. @param fleet False: it is alone. @return Its index.
  result<std::size_t> add(std::size_t workers, bool fleet);

  /// Waits until all live replicas see each other, one leads, and it is told of changes.
  result<void> assemble(bool fleet);

  /// Sends a signal to a replica. After SIGKILL, its figures no longer count.
  void signal(std::size_t which, int number);

  /// Has the replica's connections to the store pass nothing on, or go on. Only if it is proxied.
  void cut(std::size_t which) { replicas_.at(which).proxy->cut(); }
  void mend(std::size_t which) { replicas_.at(which).proxy->mend(); }

  /// Changes the models' files, so that a replica that loads them again has another version.
  result<void> change_models();

  /// Stops a replica, which then leaves the fleet.
  void drop(std::size_t which);

  bool is_awake(std::size_t which) const { return replicas_.at(which).process && !replicas_[which].asleep; }

  /// The replica that leads; `size()` if none does.
  std::size_t leader() const;
  std::size_t size() const { return replicas_.size(); }

  /// The metric of each replica; 0 for those that have ended.
  std::vector<double> values(const std::string& metric) const;
  double sum(const std::string& metric) const;                      ///< Over all live replicas.
  double value(std::size_t which, const std::string& metric) const; ///< 0 if it does not answer.
  double processor_seconds() const;
  double redis_processor_seconds() const;

  store_setup& store() { return *store_; }
  redis_server& redis() { return *store_->masters().front(); } ///< Of a store with one master.
  /// The same server's port; 0 while none is known. Any thread.
  std::uint16_t master_port() const;
  /// Where all replicas answer that were neither dropped nor killed. Any thread.
  std::vector<std::uint16_t> rest_ports() const;

private:
  struct replica {
    std::unique_ptr<temp_dir> directory;
    std::unique_ptr<tcp_proxy> proxy;       ///< Null: none.
    std::unique_ptr<child_process> process; ///< Null after SIGKILL.
    std::uint16_t port = 0;
    bool asleep = false;
  };

  fleet_run(const deployment& data, const fleet_store& how)
      : how_(how), directory_(std::make_unique<temp_dir>()), data_(data) {}

  void list_ports();

  fleet_store how_;
  std::unique_ptr<temp_dir> directory_;
  deployment data_; ///< With models of its own.
  std::unique_ptr<store_setup> store_;
  std::vector<replica> replicas_;
  std::size_t changes_ = 0; ///< Of the models.
  struct port_list {
    std::mutex mutex;
    std::vector<std::uint16_t> ports;
  };
  std::unique_ptr<port_list> rest_ = std::make_unique<port_list>();
};

} // namespace winnow::bench
