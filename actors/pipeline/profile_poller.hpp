#pragma once

#include "actors/interfaces.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/pipeline/pending_profiles.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "actors/status/health_board.hpp"
#include "config/settings/settings.hpp"
#include "redis/backoff.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <string>

namespace winnow {

/// What the poller works with.
struct poller_parts {
  poller_settings poller;
  pipeline_settings pipeline;
  std::shared_ptr<profile_directory> directory;
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
};

/// Notices which profiles may have changed, as the store announces it or by sweeping over all keys, and has
/// the lists of those computed whose content did; a bounded number is under way at a time.
struct profile_poller_state {
  static inline const char* name = "profile_poller";

  explicit profile_poller_state(profile_poller_actor::pointer owner);
  ~profile_poller_state() { watch_->abandon(); }

  void start(poller_parts parts);
  void wire(const neighbours_ptr& others);
  void changed(const change_batch& batch);
  void stored(const std::vector<stored_list>& lists);
  void untracked(const std::string& reason);
  void sweep();
  void pump();   ///< Begins with as much of what waits as may be under way.
  void resume(); ///< The pause after a failure is over.
  void drain();
  void tick() { watch_->tick(); }
  actor_status_ptr status() const;

private:
  void pump_soon();
  std::size_t room() const;
  void read(std::vector<profile_key> keys);
  void consider(const profile_key& key, const store_reply& reply);
  void unreadable(const profile_key& key, const error& reason);
  void compute(const profile_key& key, profile items, std::uint64_t digest);
  void computed(const profile_key& key, std::uint64_t digest, const result<recommendation>& outcome);
  void refuse(const profile_key& key, std::uint64_t digest, const error& reason);
  void give_up(const profile_key& key, const error& reason);
  void retry(const profile_key& key, const error& reason);
  void forget(const profile_key& key);
  void release(const profile_key& key);

  bool sweep_is_due() const;
  void begin_sweep();
  void scan_from(std::uint64_t cursor);
  void finish_sweep();
  void abandon_sweep(const std::string& reason);

  profile_poller_actor::pointer self_;
  std::shared_ptr<deadline_watch<profile_poller_actor>> watch_;
  poller_parts parts_;
  neighbours_ptr others_;
  pending_profiles pending_;
  backoff in_vain_; ///< Of lists that were computed and could not be stored.
  bool pump_sent_ = false;
  bool pausing_ = false;  ///< After a failure: nothing new is begun until the pause is over.
  bool draining_ = false; ///< Nothing new is begun any more.
  bool tracked_ = false;  ///< The store announces changes.
  bool told_untracked_ = false;
  bool missed_ = true;        ///< Changes may have been missed: sweep as soon as possible.
  bool older_wanted_ = false; ///< A newest profile is gone: its user may have an older one.
  bool sweeping_ = false;
  std::string sweep_problem_; ///< Why the last sweep was broken off; empty: it was not.
  steady_clock::duration sweep_took_{};
  steady_clock::time_point sweep_began_;
};

profile_poller_actor::behavior_type
profile_poller(profile_poller_actor::stateful_pointer<profile_poller_state> self, poller_parts parts);

} // namespace winnow
