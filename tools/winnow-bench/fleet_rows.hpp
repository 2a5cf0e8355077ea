#pragma once

#include "tools/winnow-bench/fleet_run.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace winnow::bench {

/// Something that happens to a fleet.
struct fleet_mishap {
  std::string name;
  std::function<result<void>()> strike;
  std::chrono::seconds lasts{0};
  std::function<result<void>()> relieve = [] { return result<void>(); };
  /// All replicas suffer, so that time counts from the relief on.
  bool hits_all = false;
};

/// A fleet's store, and what happens to its replicas on it.
struct fleet_scene {
  fleet_store store;
  std::function<std::vector<fleet_mishap>(fleet_run&)> mishaps;
};

std::vector<fleet_scene> fleet_scenes();

/// The records of lists, by user; without those that have none.
using list_records = std::map<std::string, std::string>;
list_records read_records(fleet_run& run, const std::vector<std::string>& users);

/// Lists that were not as they had to be.
struct wrong_lists {
  std::size_t lost = 0;  ///< Missing, or of an earlier profile.
  std::size_t stale = 0; ///< Of other models or rules, or not what the record says.
};

/// Has a daemon outside the fleet look at all lists: it computes those that are wrong. @param users With
/// profiles. @return `timeout`.
result<wrong_lists> find_wrong_lists(fleet_run& run, const std::vector<std::string>& users);

/// Watches lists while models are replaced.
class version_watch {
public:
  /// @param users Some that have lists.
  version_watch(fleet_run& run, std::vector<std::string> users);
  ~version_watch() { end(); }
  version_watch(const version_watch&) = delete;
  version_watch& operator=(const version_watch&) = delete;

  /// @return How many lists of newer models were replaced by lists of those at the beginning.
  std::size_t end();

private:
  void watch(fleet_run& run, const std::vector<std::string>& users);

  std::atomic<bool> over_{false};
  std::size_t went_back_ = 0;
  std::thread thread_;
};

} // namespace winnow::bench
