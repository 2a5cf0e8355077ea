#pragma once

#include "actors/interfaces.hpp"
#include "actors/poller/profile_poller_self.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "redis/records/profile.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace winnow {

/// Reads the changed profiles whose lists other replicas compute, for the learner: part of the poller, and on
/// its thread.
class observed_changes {
public:
  using found = std::function<void(const profile_key&, std::shared_ptr<const profile>)>;

  /// @param read Called with each profile. @param gone Called with each one that no longer exists.
  /// @param done Called after each batch: there is room for another one.
  observed_changes(std::shared_ptr<deadline_watch<profile_poller_self>> watch, found read,
                   std::function<void(const profile_key&)> gone, std::function<void()> done)
      : watch_(std::move(watch)), read_(std::move(read)), gone_(std::move(gone)), done_(std::move(done)) {}

  /// Queues a profile. @return False if too many wait.
  bool add(const profile_key& key);

  /// Starts the next batch unless one is in flight. @param limit The time for it.
  void start(const neighbours_ptr& neighbours, std::chrono::milliseconds limit);

private:
  void consider(const profile_key& key, const store_reply& reply);

  std::shared_ptr<deadline_watch<profile_poller_self>> watch_;
  found read_;
  std::function<void(const profile_key&)> gone_;
  std::function<void()> done_;
  std::deque<profile_key> queue_;
  bool in_flight_ = false;
};

} // namespace winnow
