#include "actors/poller/reconciliation.hpp"

#include <algorithm>
#include <array>
#include <caf/typed_event_based_actor.hpp>
#include <optional>
#include <utility>

namespace winnow {

namespace {

// The lists are the last, because their records go with them.
constexpr std::array families{key_family::profiles, key_family::results, key_family::recommendations};

/// The profile that a key belongs to; nullopt if it is no key of the family.
std::optional<profile_key> profile_of(const std::string& redis_key, key_family family) {
  switch (family) {
  case key_family::profiles:
    return parse_profile_key(redis_key);
  case key_family::results:
    return parse_result_key(redis_key);
  case key_family::recommendations:
    if (const auto prefix = prefix_of(family).size(); redis_key.size() > prefix)
      return profile_key{redis_key.substr(prefix), {}};
  }
  return std::nullopt;
}

bool is_there(const store_value& found) {
  return found.value || found.is_longer;
}

/// Whether the profile is there and its result is not.
bool lacks_result(const store_value& found) {
  return is_there(found) && found.result_exists == false;
}

bool will_pass(const store_reply& reply) {
  return !reply && (reply.error().cause == fault::unavailable || reply.error().cause == fault::timeout);
}

} // namespace

void reconciliation::begin(bool doubts, bool lists_go, const std::vector<std::string>& gone) {
  gone_.insert(gone.begin(), gone.end());
  steps_ = lists_go ? families.size() : 1;
  if (under_way_) {
    again_ = true;
    doubts_again_ = doubts_again_ || doubts;
    return;
  }
  ++run_;
  under_way_ = true;
  doubts_ = doubts || std::exchange(doubts_again_, false);
  step_ = 0;
  cursor_ = 0;
}

void reconciliation::stop() {
  under_way_ = again_ = false;
  gone_.clear();
}

void reconciliation::begin_round(const neighbours_ptr& neighbours, std::chrono::milliseconds limit) {
  pages_left_ = pages_a_round;
  go_on(neighbours, limit);
}

void reconciliation::go_on(const neighbours_ptr& neighbours, std::chrono::milliseconds limit) {
  if (!under_way_ || in_flight_ || pages_left_ == 0 || tasks_.is_busy())
    return;
  in_flight_ = true;
  --pages_left_;
  const page_context page{neighbours, limit, run_, families[step_]};
  watch_->ask<scan_reply>(
      neighbours->background_gateway, limit,
      [this, page](const scan_reply& found) {
        if (!*found)
          return fail(page);
        auto read = page;
        read.next = (*found)->next;
        look_at((*found)->keys, read);
      },
      [this, page](const caf::error&) { fail(page); }, scan_atom_v, page.family, cursor_, page_size);
}

void reconciliation::look_at(const std::vector<std::string>& redis_keys, const page_context& page) {
  std::vector<profile_key> keys;
  for (const auto& redis_key : redis_keys)
    if (auto key = profile_of(redis_key, page.family); key && is_suspect(*key, page.family))
      keys.push_back(std::move(*key));
  if (keys.empty())
    return turn(page);
  ask(std::move(keys), page);
}

bool reconciliation::is_suspect(const profile_key& key, key_family family) const {
  return family == key_family::profiles ? tasks_.may_lack_result(key) : !tasks_.is_known(key);
}

/// Whether the result of an older profile may be of another content: of all, or as its record says.
bool reconciliation::is_doubted(const profile_key& key, const store_value& found) const {
  if (!is_there(found))
    return false;
  const bool is_doubtful = found.result_made_of && tasks_.is_doubtful(key, *found.result_made_of);
  return doubts_ || is_doubtful;
}

/// Whether the profile is gone, and its list was stored by a daemon as far as is known.
bool reconciliation::is_gone(const profile_key& key, const store_value& found) const {
  return !is_there(found) && (found.has_record || !found.records_kept || gone_.count(key.user_id) != 0);
}

/// Asks about the keys of a page. Of profiles, only whether they are there, and what is known of their
/// results.
void reconciliation::ask(std::vector<profile_key> keys, const page_context& page) {
  constexpr std::size_t most_bytes = 1;
  const bool of_profiles = page.family == key_family::profiles;
  auto commands = std::make_shared<std::vector<store_command>>();
  for (const auto& key : keys)
    commands->emplace_back(read_profile{key, !of_profiles, most_bytes, of_profiles, of_profiles});
  const auto shared = std::make_shared<const std::vector<profile_key>>(std::move(keys));
  watch_->ask<store_replies>(
      page.neighbours->background_gateway, page.limit,
      [this, shared, page](const store_replies& replies) { take(*shared, *replies, page); },
      [this, page](const caf::error&) { fail(page); }, execute_atom_v, store_commands(std::move(commands)));
}

void reconciliation::take(const std::vector<profile_key>& keys, const std::vector<store_reply>& replies,
                          const page_context& page) {
  if (std::any_of(replies.begin(), replies.end(), will_pass))
    return fail(page);
  if (page.run == run_ && under_way_)
    tell(keys, replies, page.family == key_family::profiles);
  turn(page);
}

/// Tells what is wrong with the keys of a page.
void reconciliation::tell(const std::vector<profile_key>& keys, const std::vector<store_reply>& replies,
                          bool of_profiles) const {
  std::vector<profile_key> lacking, doubted, gone;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!replies[i])
      continue;
    if (of_profiles && lacks_result(*replies[i]))
      lacking.push_back(keys[i]);
    else if (of_profiles && is_doubted(keys[i], *replies[i]))
      doubted.push_back(keys[i]);
    else if (!of_profiles && is_gone(keys[i], *replies[i]))
      gone.push_back(keys[i]);
  }
  if (!lacking.empty())
    tasks_.lacking(std::move(lacking));
  if (!doubted.empty())
    tasks_.doubted(std::move(doubted));
  if (!gone.empty())
    tasks_.gone(std::move(gone));
}

/// The page needs nothing more.
void reconciliation::turn(const page_context& page) {
  in_flight_ = false;
  if (page.run == run_) {
    cursor_ = page.next;
    if (cursor_ == 0)
      under_way_ = under_way_ && ++step_ < steps_;
    if (!under_way_ && std::exchange(again_, false))
      begin(false, steps_ == families.size());
    else if (!under_way_)
      gone_.clear();
  }
  go_on(page.neighbours, page.limit);
}

/// Begins with the first page again, in the next round: cursors of another server may mean nothing.
void reconciliation::fail(const page_context& page) {
  in_flight_ = false;
  pages_left_ = 0;
  if (page.run == run_)
    cursor_ = 0;
}

} // namespace winnow
