#pragma once

#include "actors/interfaces.hpp"
#include "actors/poller/large_profiles.hpp"
#include "actors/poller/older_profiles.hpp"
#include "actors/poller/profile_poller_self.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "config/log/flood_limit.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace winnow {

/// What the poller is told of older profiles, and asked about them.
struct older_result_events {
  std::function<void(const profile_key&)> reading; ///< It is read next.
  std::function<void(const profile_key&)> gone;    ///< It no longer exists.
  /// Whether the content with this digest needs a result.
  std::function<bool(const profile_key&, std::uint64_t content)> needs_result;
  std::function<void(const profile_key&, std::uint64_t content)> stored;  ///< It has one now.
  std::function<void(const profile_key&, std::uint64_t content)> refused; ///< It is no valid profile.
  /// Whether its list, which could not be computed or stored, is to be tried again soon.
  std::function<bool(const profile_key&, const error&)> is_worth_a_retry;
  std::function<void()> failed; ///< A failure will pass: nothing is to be started meanwhile.
  std::function<void(const profile_key&)> given_up; ///< It has no result; the next sweep may try again.
  std::function<void(const profile_key&, bool stored)> over; ///< It needs nothing more.
  std::function<void()> done;                                ///< There is room for another one.
};

/// Computes the results of profiles that are not their user's newest: part of the poller, and on its thread.
class older_results {
public:
  older_results(std::shared_ptr<deadline_watch<profile_poller_self>> watch, older_result_events events)
      : watch_(std::move(watch)), events_(std::move(events)), complaints_(complain) {}

  void add(const profile_key& key);

  /// Starts at most `room` of the waiting profiles. @param limit The time for each.
  void start(std::size_t room, const neighbours_ptr& neighbours, std::chrono::milliseconds limit);

  /// Logs what was held back to avoid floods.
  void report_due() { complaints_.report_due(); }

  std::size_t waiting() const noexcept { return queue_.waiting() + large_.waiting(); }
  std::size_t in_flight() const noexcept { return in_flight_; }

private:
  static void complain(const flood_limit::report& some);
  void read(std::vector<profile_key> keys, std::size_t most_bytes, const neighbours_ptr& neighbours,
            std::chrono::milliseconds limit);
  void consider(const profile_key& key, const store_reply& reply, const profile_reading& reading,
                const neighbours_ptr& neighbours, std::chrono::milliseconds limit);
  void computed(const profile_key& key, std::uint64_t content, const result<recommendation>& outcome);
  void refuse(const profile_key& key, const error& reason);
  void give_up(const profile_key& key, const error& reason);
  void retry(const profile_key& key);
  void requeue(const profile_key& key);
  void finish(const profile_key& key, bool stored = false);
  void release(const profile_key& key);

  std::shared_ptr<deadline_watch<profile_poller_self>> watch_;
  older_result_events events_;
  flood_limit complaints_;
  older_profiles queue_;
  large_profiles large_;
  std::size_t in_flight_ = 0;
};

} // namespace winnow
