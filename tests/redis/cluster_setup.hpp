#pragma once

#include "store_settings_for.hpp"
#include "support/redis_server.hpp"
#include "support/temp_dir.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace winnow::test {

/// A cluster of three masters and a replica of each. Ready when constructed.
class cluster_setup {
public:
  cluster_setup();

  /// Settings with the address of the first three nodes.
  store_settings settings() const;

  redis_server& node(std::size_t index) { return *nodes_.at(index); }

  /// The node that is the master of the key's slot, according to a node that runs.
  redis_server& master_of(const std::string& key);
  std::vector<redis_server*> masters(); ///< Those that run and hold slots.
  std::string id_of(redis_server& node) const { return node.call({"CLUSTER", "MYID"}); }

  /// Removes all keys.
  void clear();

  /// Runs `redis-cli --cluster` with these words.
  void run(const std::vector<std::string>& words) const;

  /// Waits until all nodes run, agree, and have their replicas in step.
  void await_order();

private:
  bool succeeds(std::vector<std::string> words) const;

  temp_dir directory_;
  std::vector<std::unique_ptr<redis_server>> nodes_;
};

} // namespace winnow::test
