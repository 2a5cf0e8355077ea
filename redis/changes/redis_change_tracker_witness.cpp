#include "config/log/log.hpp"
#include "redis/changes/redis_change_tracker.hpp"

#include <algorithm>
#include <string>
#include <utility>

// The tracker's use of its witness.

namespace winnow {
namespace {

// Announcements wait while the witness is armed, which takes some round trips: at most this share of the
// time.
constexpr int arming_share = 10;

// The rights may change, and so may the server.
constexpr std::chrono::minutes retry_of_unavailable{1};

} // namespace

/// Asks the witness, after the links were opened. If it is not sure, the caller must ask for a sweep.
bool redis_change_tracker::has_missed_nothing() {
  if (trusted_) {
    const auto sure =
        witness_->is_sure(links_->tracking.connection, clock::now() + settings_.connect_timeout);
    if (sure && *sure)
      return true;
    if (!sure)
      witness_.reset();
  }
  disarm(clock::now());
  return false;
}

/// Arms the witness after a quiet time, and keeps it alive afterwards. What is wrong with it is no error of
/// the links: a loss then costs a sweep.
result<void> redis_change_tracker::tend_witness() {
  const auto now = clock::now();
  if (now < tend_at_)
    return {};
  tend_at_ = now + heartbeat_;
  auto done = armed_ ? witness_->beat() : arm_witness();
  if (done)
    return armed_ && !trusted_ ? ask_for_echoes() : result<void>{};
  witness_.reset();
  const bool never = done.error().cause == fault::denied || done.error().cause == fault::unsupported;
  disarm(now + (never ? std::chrono::milliseconds(retry_of_unavailable) : settings_.reconnect_max));
  if (never && std::exchange(witness_unavailable_, done.error().message) != done.error().message)
    log_event(log_level::info, "change_listener", "a lost connection for announcements costs a sweep",
              {{"reason", done.error().message}});
  return {};
}

result<void> redis_change_tracker::arm_witness() {
  const auto began = clock::now();
  if (!witness_) {
    auto opened = change_witness::open(settings_, began + settings_.connect_timeout);
    if (!opened)
      return tl::unexpected<error>(std::move(opened.error()));
    witness_.emplace(std::move(*opened));
  }
  if (auto ready = witness_->arm(settings_, clock::now() + settings_.connect_timeout); !ready)
    return ready;
  arming_took_ = clock::now() - began;
  armed_ = true;
  ++armings_;
  links_->subscriber.echo_due = links_->tracking.echo_due = true;
  return {};
}

/// What the server sent before the answers was announced before the arming or is noticed by the witness.
result<void> redis_change_tracker::ask_for_echoes() {
  command_batch ping;
  ping.add({"PING", std::to_string(armings_)});
  for (auto* one : {&links_->subscriber, &links_->tracking})
    if (auto sent = one->connection.send(ping, clock::now()); !sent)
      return sent;
  return {};
}

void redis_change_tracker::note_echo(link& one, const redisReply& reply) {
  // A subscriber gets an array with the word behind "pong".
  const bool in_array = reply.type == REDIS_REPLY_ARRAY && reply.elements == 2;
  if (text_of(in_array ? *reply.element[1] : reply) != std::to_string(armings_))
    return;
  one.echo_due = false;
  trusted_ = armed_ && !links_->subscriber.echo_due && !links_->tracking.echo_due;
}

/// @param until When the witness may be armed again.
void redis_change_tracker::disarm(clock::time_point until) {
  armed_ = trusted_ = false;
  tend_at_ = until;
}

/// Profiles have changed, so that the witness knows no more than that.
void redis_change_tracker::arm_later() {
  disarm(clock::now() + std::max<clock::duration>(heartbeat_, arming_took_ * arming_share));
}

} // namespace winnow
