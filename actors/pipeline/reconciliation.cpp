#include "actors/pipeline/reconciliation.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <utility>

namespace winnow {

namespace {

/// Whether the profile is there and its result is not.
bool lacks_result(const store_reply& reply) {
  return reply && (reply->value || reply->is_longer) && reply->result_exists == false;
}

bool will_pass(const store_reply& reply) {
  return !reply && (reply.error().cause == fault::unavailable || reply.error().cause == fault::timeout);
}

} // namespace

void reconciliation::begin() {
  ++run_;
  under_way_ = true;
  cursor_ = 0;
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
  const page_context page{neighbours, limit, run_};
  watch_->ask<scan_reply>(
      neighbours->background_gateway, limit,
      [this, page](const scan_reply& found) {
        if (!*found)
          return fail(page);
        auto read = page;
        read.next = (*found)->next;
        look_at((*found)->keys, read);
      },
      [this, page](const caf::error&) { fail(page); }, scan_atom_v, key_family::profiles, cursor_, page_size);
}

void reconciliation::look_at(const std::vector<std::string>& redis_keys, const page_context& page) {
  std::vector<profile_key> keys;
  for (const auto& redis_key : redis_keys)
    if (auto key = parse_profile_key(redis_key); key && tasks_.may_lack_result(*key))
      keys.push_back(std::move(*key));
  if (keys.empty())
    return turn(page);
  ask_for_results(std::move(keys), page);
}

void reconciliation::ask_for_results(std::vector<profile_key> keys, const page_context& page) {
  auto commands = std::make_shared<std::vector<store_command>>();
  for (const auto& key : keys)
    commands->emplace_back(read_profile{key, false, 1, true}); // of the profile, only whether it is there
  const auto shared = std::make_shared<const std::vector<profile_key>>(std::move(keys));
  watch_->ask<store_replies>(
      page.neighbours->background_gateway, page.limit,
      [this, shared, page](const store_replies& replies) { take_results(*shared, *replies, page); },
      [this, page](const caf::error&) { fail(page); }, execute_atom_v, store_commands(std::move(commands)));
}

void reconciliation::take_results(const std::vector<profile_key>& keys,
                                  const std::vector<store_reply>& replies, const page_context& page) {
  std::vector<profile_key> lacking;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (will_pass(replies[i]))
      return fail(page);
    if (lacks_result(replies[i]))
      lacking.push_back(keys[i]);
  }
  if (page.run == run_ && under_way_ && !lacking.empty())
    tasks_.lacking(std::move(lacking));
  turn(page);
}

/// The page needs nothing more.
void reconciliation::turn(const page_context& page) {
  if (page.run == run_) {
    cursor_ = page.next;
    under_way_ = under_way_ && cursor_ != 0;
  }
  in_flight_ = false;
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
