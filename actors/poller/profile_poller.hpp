#pragma once

#include "actors/fleet_messages.hpp"
#include "actors/interfaces.hpp"
#include "actors/learning/learning_backlog.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "actors/poller/announcement_log.hpp"
#include "actors/poller/fleet_share.hpp"
#include "actors/poller/incomplete_lists.hpp"
#include "actors/poller/known_timestamps.hpp"
#include "actors/poller/large_profiles.hpp"
#include "actors/poller/observed_changes.hpp"
#include "actors/poller/older_results.hpp"
#include "actors/poller/outdated_profiles.hpp"
#include "actors/poller/pending_profiles.hpp"
#include "actors/poller/profile_poller_self.hpp"
#include "actors/poller/profile_sweep.hpp"
#include "actors/poller/reconciliation.hpp"
#include "actors/poller/write_refusals.hpp"
#include "actors/runtime/burst_signal.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "actors/status/health_board.hpp"
#include "config/log/flood_limit.hpp"
#include "config/settings/settings.hpp"
#include "models/gate/recent_profiles.hpp"
#include "models/online/taken_watch.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace winnow {

/// The poller's settings and shared objects.
struct poller_parts {
  poller_settings poller;
  pipeline_settings pipeline;
  std::shared_ptr<profile_directory> directory;
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
  std::shared_ptr<learning_backlog> backlog = std::make_shared<learning_backlog>();
  cascade_settings cascade = {};
  std::function<steady_clock::time_point()> sweep_clock = steady_clock::now; ///< Decides when to sweep.
  fleet_role role = fleet_role::alone; ///< In a fleet, `follower` until the fleet member says otherwise.
  std::shared_ptr<taken_watch> taken = nullptr;      ///< Null: what users take is not watched.
  std::shared_ptr<recent_profiles> recent = nullptr; ///< Takes the profiles that are read; may be null.
  std::chrono::milliseconds list_ttl{0};             ///< Of results, too; 0: they do not expire.
};

/// Learns which profiles may have changed, from the store's announcements or by sweeping over all keys, and
/// requests new lists for those whose content did change. The number of profiles in flight is bounded.
///
/// In a fleet, the leader finds the changes in the same way, but shares them with all replicas instead. What
/// this replica takes of what was shared is computed as any other change. A follower sweeps only once, at the
/// start, so that it knows all users and its learner all profiles.
struct profile_poller_state {
  static inline const char* name = "profile_poller";

  /// How long no profile is started after a failure that affects all users: the store is down, or the
  /// pipeline is full.
  static constexpr std::chrono::milliseconds retry_pause{200};

  explicit profile_poller_state(profile_poller_self::pointer owner);
  ~profile_poller_state() { watch_->abandon(); }

  void start(poller_parts parts);
  void wire(const neighbours_ptr& neighbours);
  void changed(const change_batch& batch);
  void stored(const std::vector<stored_list>& lists);
  void untracked(const std::string& reason);
  void becomes(fleet_role role);
  void taken(const std::vector<fleet_entry>& entries);
  void seen(const std::vector<profile_key>& keys);
  void sweep_if_due();
  void pump();   ///< Starts as many queued profiles as the limit in flight allows.
  void resume(); ///< The pause after a failure is over.
  void retell(); ///< Tells the learner of all profiles.
  void drain();
  void tick() { watch_->tick(); }
  actor_status_ptr status() const;

private:
  std::size_t room() const;
  std::chrono::milliseconds time_limit() const;
  void start(std::vector<profile_key> keys);
  void read(std::vector<profile_key> keys, std::size_t most_bytes);
  void consider(const profile_key& key, const store_reply& reply, const profile_reading& reading);
  void unreadable(const profile_key& key, const error& reason);
  bool is_due(const profile_key& key, const store_value& found, std::uint64_t content);
  /// A valid profile as it was read.
  struct read_history {
    std::shared_ptr<const profile> items;
    profile_source source;
    std::size_t left_out = 0; ///< Older items.
    profile_reading reading;
  };
  bool lacks_result(const profile_key& key, const store_value& found, std::uint64_t digest) const;
  void compute(const profile_key& key, read_history history);
  void note_stored(const profile_key& key, std::uint64_t content);
  void note_computed(const profile_key& key, std::uint64_t content);
  void send_notes();
  void note_refused(const profile_key& key, std::uint64_t content);
  std::uint64_t basis_of(const std::string& user_id, bool degraded) const;
  std::uint64_t digest_of(const std::string& user_id, std::uint64_t content) const;
  bool is_of_outsiders();
  void unchanged(const profile_key& key, const store_value& found);
  void lacks_stage(const std::string& user_id, std::uint64_t digest);
  void has_all_stages(const std::string& user_id);
  bool may_compute_again() const;
  void compute_again(const std::vector<std::string>& users);
  void probe_incomplete();
  void remove_lists_of(const std::vector<profile_key>& gone);
  void renew(const profile_key& key);
  void tell(const profile_key& key, std::shared_ptr<const profile> items);
  void send_told();
  void all_told();
  void begin_relearning();
  bool waits_for_learner(const profile_key& key, const store_value& found, std::uint64_t content);
  void end_relearning_if_learned();
  void relearning_takes_too_long();
  void end_relearning();
  void observed(const profile_key& key, std::shared_ptr<const profile> items);
  void computed(const profile_key& key, std::uint64_t content, std::uint64_t digest,
                const result<recommendation>& outcome);
  void refuse(const profile_key& key, std::uint64_t digest, const error& reason);
  void give_up(const profile_key& key, const error& reason);
  bool is_worth_a_retry(const profile_key& key, const error& reason);
  void retry(const profile_key& key, const error& reason);
  void pause();
  void erase(const profile_key& key);
  void erase_list(const profile_key& of, bool newest);
  void tell_store(std::vector<store_command> commands,
                  const std::function<void(std::string_view, const std::string&)>& complain);
  bool finds() const { return role_ == fleet_role::alone || role_ == fleet_role::leader; }
  bool is_shared(const profile_key& key) const { return role_ != fleet_role::alone && !share_.has(key); }
  bool sweep_is_due() const;
  void newest_is_gone(const profile_key& key);
  void share(std::vector<profile_key> keys, bool of_sweep);
  void share_due();
  void queue_found(std::vector<profile_key> found);
  void share_older(const std::vector<profile_key>& keys);
  void acknowledge(const profile_key& key, bool computed);
  void send_finished();
  void queue(const profile_key& key);
  void queue_older(const profile_key& key);
  void queue_displaced();
  void finish(const profile_key& key);
  void ended(const profile_key& key);

  void begin_sweep();
  void scan_from(std::uint64_t cursor);
  void note(const profile_key& key);
  void finish_sweep();
  bool is_outdated(const profile_key& key) const;
  void remove_outdated();
  void removed_outdated(const std::vector<store_reply>& replies);
  void break_off_sweep(const error& why);

  older_result_events events_of_older();
  reconciliation_tasks tasks_of_reconciliation();
  bool may_lack_result(const profile_key& key) const;
  void reconcile_if_wanted();

  profile_poller_self::pointer self_;
  std::shared_ptr<deadline_watch<profile_poller_self>> watch_;
  burst_signal<profile_poller_self, flush_atom> pump_;
  poller_parts parts_;
  neighbours_ptr neighbours_;
  pending_profiles pending_;
  large_profiles large_;        ///< The waiting ones are taken from `pending_`, but need no room.
  incomplete_lists incomplete_; ///< Of the users whose lists this replica is to keep up to date.
  older_results older_;
  reconciliation reconciliation_;
  observed_changes observed_;
  fleet_role role_ = fleet_role::alone;
  fleet_share share_;
  finished_entries finished_;    ///< To be acknowledged.
  std::vector<profile_key> due_; ///< To be shared, of the replies in hand.
  bool holding_sweep_ = false;   ///< Too many changes wait to be shared.
  known_timestamps timestamps_;
  std::vector<store_command> notes_;     ///< Of what results were made, to be sent to the store.
  bool records_kept_ = false;            ///< As the store said last.
  std::vector<profile_key> found_older_; ///< By the sweep in progress.
  outdated_profiles outdated_;
  bool removing_ = false;          ///< A page of these.
  bool reconciling_is_due_ = true; ///< After the next complete sweep.
  std::vector<std::string> gone_;  ///< For it: users whose profile was known.
  bool older_may_differ_ = false;  ///< Older profiles may have changed since then, unannounced.
  bool was_tracked_ = false;       ///< The store has announced changes before.
  std::optional<profile_sweep> sweep_;
  flood_limit refused_log_;
  flood_limit not_removed_log_;
  flood_limit others_lists_log_; ///< Of daemons with other models or rules that use the same store.
  /// Since when such lists were seen, as part of a fleet that has had the same models and rules since then.
  std::optional<steady_clock::time_point> others_since_;
  steady_clock::time_point others_seen_; ///< When one was seen last, if any was.
  announcement_log announcement_log_;
  write_refusals refusals_; ///< Of the computed lists.
  bool pausing_ = false;    ///< No profile is started until the pause after a failure is over.
  bool draining_ = false;   ///< No profile is started any more.
  changed_profiles told_;   ///< For the learner, of the replies in hand.
  bool retelling_ = false;  ///< The learner is told of unchanged profiles, too, until all were read.

  /// The models have changed, and the learner learns again.
  struct relearning {
    deadline_watch<profile_poller_self>::ticket until;
    bool any_waits = false;               ///< A list that only the new models make due.
    bool asked = false;                   ///< The learner, to publish.
    std::optional<model_set_ptr> awaited; ///< Its answer: what it published; null if it has learned nothing.
  };
  std::optional<relearning> relearning_; ///< nullopt if lists do not wait for the learner.
};

profile_poller_self::behavior_type
profile_poller(profile_poller_self::stateful_pointer<profile_poller_state> self, poller_parts parts);

} // namespace winnow
