#pragma once

#include "actors/interfaces.hpp"
#include "actors/pipeline/large_profiles.hpp"
#include "actors/pipeline/older_profiles.hpp"
#include "actors/pipeline/profile_poller_self.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "config/log/flood_limit.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace winnow {

/// Computes the results of profiles that are not their user's newest: part of the poller, and on its thread.
class older_results {
public:
  /// @param done Called after each profile: there is room for another one.
  /// @param gone Called with a profile that no longer exists.
  /// @param read Called before a profile is read. @param over Called when it needs nothing more; true: its
  ///   result was stored.
  older_results(std::shared_ptr<deadline_watch<profile_poller_self>> watch, std::function<void()> done,
                std::function<void(const profile_key&)> gone, std::function<void(const profile_key&)> read,
                std::function<void(const profile_key&, bool)> over)
      : watch_(std::move(watch)), done_(std::move(done)), gone_(std::move(gone)), read_(std::move(read)),
        over_(std::move(over)), complaints_(complain) {}

  void add(const profile_key& key);

  /// Starts at most `room` of the waiting profiles. @param limit The time for each.
  void start(std::size_t room, const neighbours_ptr& neighbours, std::chrono::milliseconds limit);

  /// After a failure that will pass, nothing is started until this is called.
  void try_again() {
    pausing_ = false;
    complaints_.report_due();
  }

  std::size_t waiting() const noexcept { return queue_.waiting() + large_.waiting(); }
  std::size_t in_flight() const noexcept { return in_flight_; }

private:
  static void complain(const flood_limit::report& some);
  void give_up(const profile_key& key, const error& reason);
  void read(std::vector<profile_key> keys, std::size_t most_bytes, const neighbours_ptr& neighbours,
            std::chrono::milliseconds limit);
  void consider(const profile_key& key, const store_reply& reply, const profile_reading& reading,
                const neighbours_ptr& neighbours, std::chrono::milliseconds limit);
  void later(const profile_key& key);
  void finish(const profile_key& key, bool stored = false);
  void release(const profile_key& key);

  std::shared_ptr<deadline_watch<profile_poller_self>> watch_;
  std::function<void()> done_;
  std::function<void(const profile_key&)> gone_;
  std::function<void(const profile_key&)> read_;
  std::function<void(const profile_key&, bool)> over_;
  flood_limit complaints_;
  older_profiles queue_;
  large_profiles large_;
  std::size_t in_flight_ = 0;
  bool pausing_ = false;
};

} // namespace winnow
