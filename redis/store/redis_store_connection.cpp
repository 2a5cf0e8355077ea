#include "redis/store/redis_store.hpp"

#include "redis/cluster/cluster_channel.hpp"
#include "redis/connection/refusal.hpp"
#include "redis/connection/reply_stream.hpp"
#include "redis/sentinel/server_access.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <poll.h>
#include <string_view>
#include <utility>

// The store's connection: opened when it is needed, replaced when it breaks, moved while replies are due.

namespace winnow {
namespace {

bool is_readonly_error(const reply_ptr& reply) {
  return reply->type == REDIS_REPLY_ERROR && begins_with_word(text_of(*reply), "READONLY");
}

/// Whether a connection fails until an operator changes the address, the user or the password.
bool is_setting_wrong(fault cause) {
  return cause == fault::denied || cause == fault::invalid_argument;
}

} // namespace

store_state redis_store::state() const {
  const bool refused = !stream_ && last_error_ && is_refusal(*last_error_);
  store_state now;
  now.connected = stream_ && !service_.is_in_doubt();
  now.address = to_string(settings_.address);
  now.last_error = last_error_ ? last_error_->message : "";
  now.connects = connects_;
  now.failures = failures_;
  now.troubles = service_.all_troubles();
  now.refused_because = refused ? last_error_->public_message : "";
  now.request_takes = request_takes();
  return now;
}

std::optional<std::chrono::nanoseconds> redis_store::request_takes() const {
  // A cluster compares the profile before and after it stores the list.
  const int trips = settings_.address.transport == store_address::kind::cluster ? 4 : 2;
  const auto one = trips_.quickest(clock::now());
  return one ? std::optional(*one * trips) : std::nullopt;
}

result<void> redis_store::connect() {
  if (stale_) // what is under way comes first
    move_until([this] { return stream_->empty(); });
  if (stream_ && !stale_ && (!stream_->empty() || stream_->idle()))
    return {};
  if (stream_ && !stale_) {
    // Lost while idle (a restart, or the server's idle timeout), which needs no pause.
    last_error_ =
        error{fault::unavailable, to_string(settings_.address) + ": the server closed the idle connection",
              std::string(words_for_unreachable)};
    ++failures_;
  }
  stream_.reset();
  stale_ = false;
  if (const auto left = pauses_.remaining(); left.count() > 0)
    return paused(left);
  known_failovers_ = failovers();
  auto opened = open_channel();
  if (!opened) {
    lose(opened.error());
    return tl::unexpected<error>(std::move(opened.error()));
  }
  stream_ = std::move(*opened);
  const bool one_slot = settings_.address.transport != store_address::kind::cluster;
  dialect_ = {true, true, {settings_.list_records, one_slot, settings_.list_ttl, !one_slot}};
  wide_probe_ = true;
  ++connects_;
  return {};
}

result<std::unique_ptr<command_channel>> redis_store::open_channel() {
  constexpr int longest_factor = 10; // of the command timeout, for a whole batch
  const reply_stream::time_limits limits{settings_.command_timeout,
                                         settings_.command_timeout * longest_factor};
  if (settings_.address.transport == store_address::kind::cluster)
    return cluster_channel::open(settings_, nodes_, limits);
  auto opened = open_server(settings_, clock::now() + settings_.connect_timeout);
  if (!opened)
    return tl::unexpected<error>(std::move(opened.error()));
  return std::make_unique<reply_stream>(std::move(*opened), limits);
}

tl::unexpected<error> redis_store::paused(std::chrono::milliseconds left) const {
  const auto& last = *last_error_;
  // Errors that an operator must fix keep their cause; all others mean that the server cannot be reached.
  return tl::unexpected<error>(
      error{is_setting_wrong(last.cause) ? last.cause : fault::unavailable,
            last.message + "; next attempt in " + std::to_string(left.count()) + " ms", last.public_message});
}

result<reply_ptr> redis_store::ask(std::size_t server, const command_batch& one_command) {
  if (auto connected = connect(); !connected)
    return tl::unexpected<error>(std::move(connected.error()));
  std::optional<redis_connection::answers> outcome;
  stream_->send_to(server, one_command,
                   noting([&outcome](redis_connection::answers answers) { outcome = std::move(answers); }));
  move_until([&outcome] { return outcome.has_value(); });
  if (outcome->lost)
    return tl::unexpected<error>(std::move(*outcome->lost));
  return std::move(outcome->replies.front());
}

void redis_store::send(const command_batch& commands, command_channel::receiver take) {
  stream_->send(commands, noting(std::move(take)));
}

/// Also notes what the replies say of the connection, and how long they took.
command_channel::receiver redis_store::noting(command_channel::receiver take) {
  return [this, take = std::move(take), sent = clock::now()](redis_connection::answers answers) {
    // After a failover this may be the old master, so the next call reconnects, with name resolution.
    stale_ |= std::any_of(answers.replies.begin(), answers.replies.end(), is_readonly_error);
    if (!answers.lost)
      pauses_.succeeded();
    if (const auto now = clock::now(); !answers.lost && !answers.replies.empty())
      trips_.took(now - sent, now);
    take(std::move(answers));
  };
}

void redis_store::move() {
  if (!stream_ || stream_->empty())
    return;
  if (auto moved = stream_->move(); !moved && !stream_->empty())
    lose(std::move(moved.error()));
}

/// Waits until the stream can be moved. Returns false if `until` comes first.
bool redis_store::wait(clock::time_point until) const {
  const auto now = clock::now();
  const auto left = std::min(until, stream_->due()) - now;
  if (until <= now)
    return false;
  const auto nanoseconds = std::max<std::int64_t>(std::chrono::nanoseconds(left).count(), 0);
  constexpr std::int64_t second = 1'000'000'000;
  const timespec limit{nanoseconds / second, nanoseconds % second};
  pollfd entry{stream_->descriptor(), stream_->events(), 0};
  ::ppoll(&entry, 1, &limit, nullptr); // whatever it returns: moving finds out
  return true;
}

void redis_store::move_until(const std::function<bool()>& condition) {
  move();
  while (!condition() && stream_) {
    wait(stream_->due() + std::chrono::milliseconds(1));
    move();
  }
}

std::uint64_t redis_store::failovers() const {
  return watch_ ? watch_->record()->failovers()->load() : 0;
}

void redis_store::lose(error reason) {
  last_error_ = std::move(reason);
  ++failures_;
  const bool was_dropped = stream_ && failovers() != known_failovers_;
  if (!was_dropped) // the new master is there already
    pauses_.failed();
  if (!stream_)
    return;
  // A server may accept connections and answer some commands, but leave the one that was lost.
  service_.doubt();
  const auto broken = std::exchange(stream_, nullptr); // so that nothing is sent any more
  broken->abandon(*last_error_);
}

} // namespace winnow
