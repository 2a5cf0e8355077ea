#pragma once

#include "redis/records/keys.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace winnow {

/// The entries of the fleet's stream that this replica has taken and not finished, by profile.
///
/// A profile may be taken again while its list is being computed, because it changed meanwhile. The list
/// answers only the entries that were taken before the profile was read.
class fleet_share {
public:
  void taken(const profile_key& key, std::string id) { entries_[key].waiting.push_back(std::move(id)); }

  /// Whether this replica is to compute the list.
  bool has(const profile_key& key) const { return entries_.find(key) != entries_.end(); }

  /// The profile is read now.
  void reading(const profile_key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end())
      return;
    auto& [waiting, read] = found->second;
    for (auto& id : std::exchange(waiting, {}))
      read.push_back(std::move(id));
  }

  /// The profile that was read needs nothing more. @return The entries to acknowledge.
  std::vector<std::string> finish(const profile_key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end())
      return {};
    auto ids = std::exchange(found->second.read, {});
    if (found->second.waiting.empty())
      entries_.erase(found);
    return ids;
  }

  /// Leaves everything to the other replicas.
  void clear() { entries_.clear(); }

  std::size_t size() const noexcept { return entries_.size(); }

private:
  struct entries {
    std::vector<std::string> waiting; ///< Ids of the stream.
    std::vector<std::string> read;
  };

  std::unordered_map<profile_key, entries> entries_;
};

} // namespace winnow
