#include "redis/changes/redis_change_tracker.hpp"

#include "redis/needed_commands.hpp"
#include "redis/sentinel/server_access.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace winnow {
namespace {

/// Adds the keys of an invalidation message. After a flush it names none; the batch is then `lost`.
void add_changes(const redisReply& payload, change_batch& batch) {
  if (payload.type == REDIS_REPLY_NIL)
    batch.lost = true;
  for (std::size_t i = 0; i < (payload.type == REDIS_REPLY_ARRAY ? payload.elements : 0); ++i) {
    if (auto key = parse_profile_key(text_of(*payload.element[i])))
      batch.changed.push_back(std::move(*key));
  }
}

bool is_invalidation(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ARRAY && reply.elements == 3 && text_of(*reply.element[0]) == "message" &&
         text_of(*reply.element[1]) == invalidation_channel;
}

} // namespace

redis_change_tracker::redis_change_tracker(store_settings settings, std::chrono::milliseconds heartbeat)
    : settings_(std::move(settings)), heartbeat_(heartbeat), watch_(failover_watch::of(settings_)),
      pauses_(settings_.reconnect_min, settings_.reconnect_max) {
  if (watch_)
    pauses_.end_with(watch_->record()->failovers());
}

result<change_batch> redis_change_tracker::wait(std::chrono::milliseconds timeout) {
  const auto until = clock::now() + timeout;
  change_batch batch;
  if (!links_) {
    if (auto connected = connect(until); !connected)
      return tl::unexpected<error>(std::move(connected.error()));
    batch.lost = !has_missed_nothing();
    batch.interrupted = last_error_ ? last_error_->message : "";
    return batch;
  }
  if (auto collected = collect(until, batch); !collected) {
    if (may_return_at_once(collected.error()) && reopen(clock::now() + settings_.connect_timeout)) {
      batch.lost = !has_missed_nothing() || batch.lost;
      batch.interrupted = collected.error().message;
      return batch;
    }
    lose(collected.error());
    // Changes received before the loss still count; the next call reports the loss.
    if (batch.changed.empty() && !batch.lost)
      return fail(fault::unavailable, collected.error().message);
  }
  return batch;
}

void redis_change_tracker::add_descriptors(std::vector<pollfd>& entries) const {
  if (links_)
    for (const auto* one : {&links_->subscriber, &links_->tracking})
      entries.push_back({one->connection.descriptor(), POLLIN, 0});
}

result<void> redis_change_tracker::connect(clock::time_point until) {
  const auto pause = pauses_.remaining();
  const auto left = std::chrono::floor<std::chrono::milliseconds>(until - clock::now());
  std::this_thread::sleep_for(std::min(pause, std::max(left, std::chrono::milliseconds(0))));
  if (const auto more = pauses_.remaining(); more.count() > 0)
    return fail(last_error_->cause,
                last_error_->message + "; next attempt in " + std::to_string(more.count()) + " ms");
  if (auto opened = reopen(clock::now() + settings_.connect_timeout); !opened) {
    lose(std::move(opened.error()));
    return tl::unexpected<error>(*last_error_);
  }
  pauses_.succeeded();
  return {};
}

result<void> redis_change_tracker::reopen(clock::time_point deadline) {
  links_.reset();
  auto opened = open(deadline);
  if (!opened)
    return tl::unexpected<error>(std::move(opened.error()));
  links_ = std::move(*opened);
  opened_ = clock::now();
  return {};
}

/// Whether to reconnect without a pause: the server hung up, rather than fell silent, and not again and
/// again.
bool redis_change_tracker::may_return_at_once(const error& reason) const {
  return reason.cause == fault::unavailable && clock::now() - opened_ >= heartbeat_;
}

result<redis_change_tracker::links> redis_change_tracker::open(clock::time_point deadline) const {
  auto subscriber = open_server(settings_, deadline);
  if (!subscriber)
    return tl::unexpected<error>(std::move(subscriber.error()));
  const auto id =
      subscriber->ask("CLIENT ID", {"CLIENT", "ID"}, deadline).and_then([](const reply_ptr& reply) {
        return as_count("CLIENT ID", *reply);
      });
  if (!id)
    return tl::unexpected<error>(id.error());
  if (auto subscribed = subscriber->ask("SUBSCRIBE", {"SUBSCRIBE", invalidation_channel}, deadline);
      !subscribed)
    return tl::unexpected<error>(std::move(subscribed.error()));

  auto tracking = open_server(settings_, deadline);
  if (!tracking)
    return tl::unexpected<error>(std::move(tracking.error()));
  const auto accepted = tracking->ask("CLIENT TRACKING",
                                      {"CLIENT", "TRACKING", "ON", "REDIRECT", std::to_string(*id), "BCAST",
                                       "PREFIX", prefix_of(key_family::profiles)},
                                      deadline);
  if (!accepted)
    return tl::unexpected<error>(accepted.error());
  const auto first_ping = clock::now() + heartbeat_;
  return links{{std::move(*subscriber), first_ping, std::nullopt},
               {std::move(*tracking), first_ping, std::nullopt}};
}

result<void> redis_change_tracker::collect(clock::time_point until, change_batch& batch) {
  // The first round does not wait, so that an answer that has already arrived does not count as missing.
  auto wake = clock::now();
  for (;;) {
    auto listened = listen(wake);
    // Announcements right before a hang-up, or on the connection that is still alive, count.
    if (auto done = read(batch); !done)
      return done;
    if (!listened)
      return listened;
    if (batch.lost || !batch.changed.empty()) {
      arm_later();
      return {};
    }
    for (auto* one : {&links_->subscriber, &links_->tracking}) {
      if (auto alive = beat(*one); !alive)
        return alive;
    }
    if (auto tended = tend_witness(); !tended)
      return tended;
    if (clock::now() >= until)
      return {};
    wake = std::min({until, next_beat(), tend_at_});
  }
}

/// Waits until either connection is readable, and reads from it.
result<void> redis_change_tracker::listen(clock::time_point until) {
  const std::array both{&links_->subscriber, &links_->tracking};
  std::array<pollfd, 2> entries{};
  for (std::size_t i = 0; i < both.size(); ++i)
    entries[i] = {both[i]->connection.descriptor(), POLLIN, 0};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
  if (::poll(entries.data(), entries.size(), static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000))) <
      0)
    return errno == EINTR
               ? result<void>{}
               : fail(fault::unavailable, "cannot wait: " + std::generic_category().message(errno));
  for (std::size_t i = 0; i < both.size(); ++i) {
    if (entries[i].revents == 0)
      continue;
    heard(*both[i]);
    if (const auto filled = both[i]->connection.fill(); !filled)
      return tl::unexpected<error>(filled.error());
  }
  return {};
}

result<void> redis_change_tracker::read(change_batch& batch) {
  for (auto* one : {&links_->subscriber, &links_->tracking}) {
    for (;;) {
      const auto reply = one->connection.next();
      if (!reply)
        return tl::unexpected<error>(reply.error());
      if (!*reply)
        break;
      if ((*reply)->type == REDIS_REPLY_ERROR)
        return tl::unexpected<error>(error_from_reply("change tracking", text_of(**reply)));
      if (is_invalidation(**reply))
        add_changes(*(*reply)->element[2], batch);
      else
        note_echo(*one, **reply);
    }
  }
  return {};
}

/// Sends a PING to a silent server. Fails if the answer to the last one is overdue.
result<void> redis_change_tracker::beat(link& one) {
  const auto now = clock::now();
  if (one.pong_due)
    return now < *one.pong_due
               ? result<void>{}
               : fail(fault::timeout, to_string(settings_.address) + ": no answer to PING in time");
  if (now < one.next_ping)
    return {};
  one.pong_due = now + settings_.command_timeout;
  command_batch ping;
  ping.add({"PING"});
  return one.connection.send(ping, now);
}

redis_change_tracker::clock::time_point redis_change_tracker::next_beat() const {
  const auto due = [](const link& one) { return one.pong_due.value_or(one.next_ping); };
  return std::min(due(links_->subscriber), due(links_->tracking));
}

void redis_change_tracker::heard(link& one) const {
  one.next_ping = clock::now() + heartbeat_;
  one.pong_due.reset();
}

void redis_change_tracker::lose(error reason) {
  links_.reset();
  // For the caller, a server that answers too slowly is unavailable.
  if (reason.cause == fault::timeout)
    reason.cause = fault::unavailable;
  last_error_ = std::move(reason);
  pauses_.failed();
}

} // namespace winnow
