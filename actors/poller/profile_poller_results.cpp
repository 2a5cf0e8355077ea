#include "actors/poller/profile_poller.hpp"
#include "config/log/log.hpp"

#include <utility>

// What the poller does about the results of profiles that are not their user's newest, and about what
// happened while it did not look.

namespace winnow {

namespace {

// A reconciliation pauses while more older profiles than this wait to be computed.
constexpr std::size_t most_older_waiting = 1000;

} // namespace

older_result_events profile_poller_state::events_of_older() {
  return {
      [this](const profile_key& key) { share_.reading(key); },
      [this](const profile_key& key) { erase_list(key, false); },
      // What is taken in a fleet is due: the replica that found it knows.
      [this](const profile_key& key, std::uint64_t content) {
        return role_ != fleet_role::alone || timestamps_.needs_result(key, content);
      },
      [this](const profile_key& key, std::uint64_t content) { note_computed(key, content); },
      [this](const profile_key& key, std::uint64_t content) { note_refused(key, content); },
      [this](const profile_key& key, const error& reason) { return is_worth_a_retry(key, reason); },
      [this] { pause(); },
      [this](const profile_key& key) { timestamps_.forget(key); },
      [this](const profile_key& key, bool stored) {
        if (stored)
          refusals_.stored(key.user_id);
        acknowledge(key, stored);
      },
      [this] { pump_.raise(); },
  };
}

reconciliation_tasks profile_poller_state::tasks_of_reconciliation() {
  return {
      [this](const profile_key& key) { return may_lack_result(key); },
      [this](std::vector<profile_key> keys) {
        for (const auto& key : keys)
          timestamps_.lacks_result(key);
        queue_found(std::move(keys));
      },
      [this](std::vector<profile_key> keys) { queue_found(std::move(keys)); },
      [this](const profile_key& key, std::uint64_t content) {
        return role_ == fleet_role::alone && timestamps_.recalls(key, content);
      },
      [this] { return holding_sweep_ || older_.waiting() > most_older_waiting; },
      [this](const profile_key& key) {
        return key.timestamp.empty() ? pending_.knows(key.user_id) : timestamps_.knows(key);
      },
      [this](const std::vector<profile_key>& keys) { remove_lists_of(keys); },
  };
}

/// Whether an older profile was to have a result, as far as its key tells: it is not about to be removed, and
/// its result has not expired.
bool profile_poller_state::may_lack_result(const profile_key& key) const {
  if (key.timestamp.empty() || parts_.directory->newest(key.user_id) == key || is_outdated(key))
    return false;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return parts_.list_ttl.count() == 0 || *written_at(key) + parts_.list_ttl > now;
}

/// What a profile with a timestamp has its result of, for the time when it is an older one. In a fleet,
/// nobody knows what another replica has computed.
void profile_poller_state::note_stored(const profile_key& key, std::uint64_t content) {
  if (!key.timestamp.empty() && role_ == fleet_role::alone)
    timestamps_.stored(key, content);
}

/// The same for a result that was just stored: the store keeps it for the next process, too. Results that
/// expire are not worth that: nothing would remove what was noted of them.
void profile_poller_state::note_computed(const profile_key& key, std::uint64_t content) {
  note_stored(key, content);
  if (!key.timestamp.empty() && role_ == fleet_role::alone && records_kept_ && parts_.list_ttl.count() == 0)
    notes_.emplace_back(note_result{key, content});
}

/// What results were made of, in one pipeline. If that fails, the next process takes the profiles for what
/// they were.
void profile_poller_state::send_notes() {
  if (notes_.empty())
    return;
  tell_store(std::exchange(notes_, {}), [](std::string_view, const std::string& reason) {
    log_event(log_level::debug, name, "not noted what a result was made of", {{"reason", reason}});
  });
}

void profile_poller_state::note_refused(const profile_key& key, std::uint64_t content) {
  if (!key.timestamp.empty() && role_ == fleet_role::alone)
    timestamps_.refused(key, content);
}

/// What happened before the first sweep of all profiles, before the lead was taken, or while announcements
/// were lost, is reconciled once a sweep that began afterwards has found all profiles.
void profile_poller_state::reconcile_if_wanted() {
  if (!finds() || sweep_->is_behind() || !std::exchange(reconciling_is_due_, false))
    return;
  reconciliation_.begin(std::exchange(older_may_differ_, false), !parts_.poller.keep_lists,
                        std::exchange(gone_, {}));
}

} // namespace winnow
