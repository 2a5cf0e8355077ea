#include "tools/support/redis_cluster.hpp"

#include "tools/support/child_process.hpp"
#include "tools/support/free_port.hpp"
#include "tools/support/wait_until.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace winnow {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string address_of(const redis_server& node) {
  return "127.0.0.1:" + std::to_string(node.port());
}

} // namespace

redis_cluster::redis_cluster(std::size_t replicas) : replicas_(replicas) {
  for (std::size_t i = 0; i < shards * (1 + replicas); ++i)
    nodes_.push_back(std::make_unique<redis_server>(std::vector<std::string>{
        "--cluster-enabled", "yes", "--cluster-port", std::to_string(free_port()), "--cluster-node-timeout",
        "1000", "--repl-diskless-sync-delay", "0", "--cluster-replica-validity-factor", "0"}));
  std::vector<std::string> words{"create"};
  for (const auto& node : nodes_)
    words.push_back(address_of(*node));
  words.insert(words.end(), {"--cluster-replicas", std::to_string(replicas), "--cluster-yes"});
  run(words);
  await_order();
}

std::vector<redis_server*> redis_cluster::masters() {
  std::vector<redis_server*> found;
  for (const auto& node : nodes_) {
    try {
      if (contains(node->call({"ROLE"}), "master") &&
          contains(node->call({"CLUSTER", "NODES"}), "myself,master -"))
        found.push_back(node.get());
    } catch (const std::runtime_error&) {
      continue; // it does not run
    }
  }
  return found;
}

redis_server& redis_cluster::master_of(const std::string& key) {
  for (auto* const node : masters())
    if (!contains(node->call({"GET", key}), "MOVED"))
      return *node;
  throw std::runtime_error("no node holds " + key);
}

void redis_cluster::clear() {
  for (auto* const node : masters())
    node->call({"FLUSHALL"});
}

bool redis_cluster::succeeds(std::vector<std::string> words) const {
  words.insert(words.begin(), {"redis-cli", "--cluster"});
  return child_process(words, directory_.path() + "/redis-cli").wait(std::chrono::seconds(60)) == 0;
}

void redis_cluster::run(const std::vector<std::string>& words) const {
  if (!succeeds(words))
    throw std::runtime_error("redis-cli --cluster " + words[0] + " fails");
}

void redis_cluster::await_order() {
  const auto in_order = [this](redis_server& node) {
    try {
      const auto others = node.call({"CLUSTER", "NODES"});
      const auto replication = node.call({"INFO", "replication"});
      return contains(node.call({"CLUSTER", "INFO"}), "cluster_state:ok") && !contains(others, "fail") &&
             std::count(others.begin(), others.end(), '\n') == static_cast<std::ptrdiff_t>(nodes_.size()) &&
             (replicas_ == 0 || contains(replication, "connected_slaves:1") ||
              contains(replication, "master_link_status:up"));
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  for (const auto& node : nodes_)
    if (!wait_until([&] { return in_order(*node); }, std::chrono::seconds(60)))
      throw std::runtime_error("the cluster does not come into order");
  // Moving slots needs that all nodes agree on them.
  if (!wait_until([&] { return succeeds({"check", address_of(*nodes_[0])}); }, std::chrono::seconds(60)))
    throw std::runtime_error("the nodes of the cluster do not agree");
}

} // namespace winnow
