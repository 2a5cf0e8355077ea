#include "actors/poller/profile_poller.hpp"

#include "config/log/log.hpp"

#include <algorithm>
#include <utility>

// The poller's sweeps over all keys of the store.

namespace winnow {

void profile_poller_state::sweep_if_due() {
  refused_log_.report_due();
  not_removed_log_.report_due();
  others_lists_log_.report_due();
  announcement_log_.report_due();
  older_.report_due();
  if (neighbours_ && !draining_)
    reconciliation_.begin_round(neighbours_, time_limit());
  probe_incomplete();
  if (sweep_is_due())
    begin_sweep();
  self_->delayed_send(self_, sweep_->precision(), sweep_atom_v);
}

void profile_poller_state::begin_sweep() {
  if (sweep_->is_under_way() || !neighbours_)
    return;
  sweep_->begin(parts_.sweep_clock());
  pending_.begin_sweep();
  timestamps_.begin_sweep();
  found_older_.clear();
  outdated_.begin_sweep();
  scan_from(0);
}

void profile_poller_state::scan_from(std::uint64_t cursor) {
  constexpr std::uint64_t page_size = 1000;
  self_
      ->request(neighbours_->background_gateway, time_limit(), scan_atom_v, key_family::profiles, cursor,
                page_size)
      .then(
          [this](const scan_reply& page) {
            const activity listing(*parts_.record, "listing profiles");
            if (!*page)
              return break_off_sweep(page->error());
            for (const auto& redis_key : (*page)->keys)
              if (const auto key = parse_profile_key(redis_key))
                note(*key);
            if ((*page)->next == 0)
              finish_sweep();
            else
              scan_from((*page)->next);
          },
          [this](const caf::error& reason) {
            break_off_sweep({fault::internal, to_string(reason)});
          });
}

void profile_poller_state::note(const profile_key& key) {
  pending_.note(key);
  if (!key.timestamp.empty() && timestamps_.found(key))
    found_older_.push_back(key);
  if (is_outdated(key))
    outdated_.found(key);
}

/// Whether a profile is to be removed. Only a completed sweep knows each user's newest profile, so that the
/// first one removes nothing.
bool profile_poller_state::is_outdated(const profile_key& key) const {
  const auto keep = parts_.poller.older_profiles;
  if (keep.count() == 0 || key.timestamp.empty() || !is_newer(parts_.directory->newest(key.user_id), key))
    return false;
  return *written_at(key) + keep < std::chrono::system_clock::now().time_since_epoch();
}

void profile_poller_state::finish_sweep() {
  std::vector<std::string> gone;
  pending_.finish_sweep([&](const profile_key& newest, bool exists) {
    parts_.directory->record(newest);
    if (!exists)
      gone.push_back(newest.user_id);
  });
  // Without announcements, only a sweep shows that a profile is gone.
  if (timestamps_.finish_sweep() && !sweep_->is_tracked())
    reconciling_is_due_ = true;
  if (finds() && reconciling_is_due_) // it finds their results, too
    gone_.insert(gone_.end(), gone.begin(), gone.end());
  else if (finds())
    for (const auto& user_id : gone)
      erase_list({user_id, {}}, true);
  queue_found(std::exchange(found_older_, {}));
  outdated_.finish_sweep([this](const profile_key& key) { return is_outdated(key); });
  remove_outdated();
  const auto took = sweep_->finish(parts_.sweep_clock());
  parts_.meters->poller.swept(took);
  parts_.health->profiles_listed = true;
  parts_.health->listing_trouble({});
  log_event(log_level::debug, name, "swept",
            {{"users", pending_.users()},
             {"took_ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
  reconcile_if_wanted();
  pump();
}

/// Profiles that a sweep or a reconciliation has found and that are not their user's newest need their own
/// results.
void profile_poller_state::queue_found(std::vector<profile_key> found) {
  const auto is_newest = [this](const profile_key& key) {
    return parts_.directory->newest(key.user_id) == key;
  };
  found.erase(std::remove_if(found.begin(), found.end(), is_newest), found.end());
  if (role_ == fleet_role::leader)
    return share_older(found);
  if (role_ == fleet_role::alone)
    for (const auto& key : found)
      older_.add(key);
  pump_.raise();
}

void profile_poller_state::break_off_sweep(const error& why) {
  sweep_->break_off();
  const bool is_connected = parts_.health->store_connected;
  parts_.health->listing_trouble(is_connected ? public_text(why) : std::string());
  // If the store is down, the gateway has already logged it. The time of the next attempt is no new problem.
  const bool is_new =
      is_connected && sweep_->note_problem(why.message.substr(0, why.message.rfind("; next attempt in ")));
  log_event(is_new ? log_level::warning : log_level::debug, name, "sweep broken off",
            {{"reason", why.message}});
}

} // namespace winnow
