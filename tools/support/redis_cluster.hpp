#pragma once

#include "tools/support/redis_server.hpp"
#include "tools/support/temp_dir.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// A cluster of three masters and their replicas. Ready when constructed. All functions throw
/// std::runtime_error if the servers do not do what is requested.
class redis_cluster {
public:
  static constexpr std::size_t shards = 3;

  /// @param replicas Of each master.
  explicit redis_cluster(std::size_t replicas = 1);

  redis_server& node(std::size_t index) { return *nodes_.at(index); }
  const redis_server& node(std::size_t index) const { return *nodes_.at(index); }

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

  const std::size_t replicas_;
  temp_dir directory_;
  std::vector<std::unique_ptr<redis_server>> nodes_;
};

} // namespace winnow
