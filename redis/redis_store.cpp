#include "redis/redis_store.hpp"

#include "redis/store_probe.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace winnow {
namespace {

bool is_readonly_error(const reply_ptr& reply) {
  constexpr std::string_view word = "READONLY";
  return reply->type == REDIS_REPLY_ERROR && text_of(*reply).substr(0, word.size()) == word;
}

bool is_empty_read(const store_reply& reply) {
  return reply && reply->value && reply->value->empty();
}

/// Errors of a connection that an operator must fix.
bool is_lasting(fault cause) {
  return cause == fault::denied || cause == fault::invalid_argument;
}

result<scan_page> parse_scan(const redisReply& reply) {
  constexpr std::string_view name = "SCAN";
  if (reply.type == REDIS_REPLY_ERROR)
    return tl::unexpected<error>(error_from_reply(name, text_of(reply)));
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 2 || reply.element[1]->type != REDIS_REPLY_ARRAY)
    return tl::unexpected<error>(unexpected_kind(name, "a cursor and an array of keys", reply));
  const auto cursor = as_value(name, *reply.element[0]);
  if (!cursor)
    return tl::unexpected<error>(cursor.error());
  scan_page page;
  const auto digits = cursor->value_or("");
  const auto* end = digits.data() + digits.size();
  if (const auto read = std::from_chars(digits.data(), end, page.next);
      read.ec != std::errc() || read.ptr != end)
    return fail(fault::malformed, std::string(name) + ": expected a number as cursor, got \"" + digits + '"');
  const auto& keys = *reply.element[1];
  page.keys.reserve(keys.elements);
  for (std::size_t i = 0; i < keys.elements; ++i)
    page.keys.emplace_back(text_of(*keys.element[i]));
  return page;
}

} // namespace

redis_store::redis_store(const store_settings& settings)
    : redis_store(settings, backoff(settings.reconnect_min, settings.reconnect_max)) {}

redis_store::redis_store(store_settings settings, backoff pauses)
    : settings_(std::move(settings)), service_(settings_.address.user), pauses_(std::move(pauses)) {}

std::vector<store_reply> redis_store::execute(gsl::span<const store_command> commands) {
  std::vector<store_reply> replies;
  if (commands.empty())
    return replies;
  if (auto connected = connect(); !connected) {
    replies.assign(commands.size(), tl::unexpected<error>(connected.error()));
    return replies;
  }
  return run(commands, clock::now() + settings_.command_timeout);
}

std::vector<store_reply> redis_store::run(gsl::span<const store_command> commands,
                                          clock::time_point deadline) {
  command_batch batch;
  for (const auto& command : commands)
    encode(command, dialect_, batch);
  const auto spoken = dialect_;
  const auto outcome = exchange(batch, deadline);
  const gsl::span<const reply_ptr> received(outcome.replies);
  std::vector<store_reply> replies;
  replies.reserve(commands.size());
  std::vector<std::size_t> again; // in another dialect
  std::size_t used = 0;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto& command = commands[i];
    const auto needed = reply_count(command);
    if (used + needed > received.size()) {
      replies.push_back(fail(key_of(command), *outcome.lost));
    } else {
      const auto mine = received.subspan(used, needed);
      replies.push_back(decode(command, mine));
      auto adapted = spoken;
      if (adapt(adapted, command, mine)) {
        dialect_.getrange &= adapted.getrange;
        dialect_.exists &= adapted.exists;
        again.push_back(i);
      } else if (const auto need = need_of(command)) {
        service_.note(*need, command_name(*need, spoken), *mine[0]);
      }
    }
    used += needed;
  }
  look_up_empty(commands, replies, deadline);
  if (!again.empty())
    ask_again(commands, again, replies, deadline);
  return replies;
}

/// Repeats reads whose commands the server does not let the daemon use, in the dialect that it does. Each
/// time, the dialect has one command less, so this ends.
void redis_store::ask_again(gsl::span<const store_command> commands, const std::vector<std::size_t>& which,
                            std::vector<store_reply>& replies, clock::time_point deadline) {
  std::vector<store_command> repeated;
  repeated.reserve(which.size());
  for (const auto index : which)
    repeated.push_back(commands[index]);
  auto answers = run(repeated, deadline);
  for (std::size_t i = 0; i < which.size(); ++i)
    replies[which[i]] = std::move(answers[i]);
}

void redis_store::look_up_empty(gsl::span<const store_command> commands, std::vector<store_reply>& replies,
                                clock::time_point deadline) {
  std::vector<std::size_t> empty;
  command_batch batch;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (!is_empty_read(replies[i]))
      continue;
    empty.push_back(i);
    encode_lookup(commands[i], batch);
  }
  if (empty.empty())
    return;
  const auto outcome = exchange(batch, deadline);
  for (std::size_t i = 0; i < empty.size(); ++i) {
    auto& reply = replies[empty[i]];
    const auto key = key_of(commands[empty[i]]);
    if (i >= outcome.replies.size())
      reply = fail(key, *outcome.lost);
    else if (auto value = as_value(key, *outcome.replies[i]); value)
      reply->value = std::move(*value);
    else
      reply = tl::unexpected<error>(std::move(value.error()));
  }
}

result<scan_page> redis_store::scan(key_family family, std::uint64_t cursor, std::size_t count) {
  const auto pattern = std::string(prefix_of(family)) + "*";
  command_batch batch;
  batch.add({"SCAN", std::to_string(cursor), "MATCH", pattern, "COUNT",
             std::to_string(std::max<std::size_t>(count, 1))});
  return ask(batch).and_then([this](const reply_ptr& reply) {
    service_.note(store_need::listing, command_name(store_need::listing, dialect_), *reply);
    return parse_scan(*reply);
  });
}

result<std::uint64_t> redis_store::key_count() {
  command_batch batch;
  batch.add({"DBSIZE"});
  return ask(batch).and_then([](const reply_ptr& reply) { return as_count("DBSIZE", *reply); });
}

result<void> redis_store::probe() {
  if (auto connected = connect(); !connected)
    return connected;
  auto outcome = probe(clock::now() + settings_.command_timeout);
  service_.begin_round();
  return outcome;
}

result<void> redis_store::probe(clock::time_point deadline) {
  const bool wide = wide_probe_ || service_.is_partial();
  const store_probe probing(service_, dialect_, wide);
  const auto outcome = exchange(probing.commands(), deadline);
  if (outcome.lost)
    return tl::unexpected<error>(*outcome.lost);
  if (probing.adapt(dialect_, outcome.replies))
    return probe(deadline);
  wide_probe_ = false;
  return probing.note(outcome.replies, service_);
}

store_state redis_store::state() const {
  const bool refused = !connection_ && last_error_ && is_lasting(last_error_->cause);
  return {connection_.has_value(),
          to_string(settings_.address),
          last_error_ ? last_error_->message : "",
          connects_,
          failures_,
          service_.all_troubles(),
          refused ? last_error_->public_message : ""};
}

result<void> redis_store::connect() {
  if (connection_ && connection_->idle() && !stale_)
    return {};
  if (connection_ && !stale_) {
    // Lost while idle (a restart, or the server's idle timeout), which needs no pause.
    last_error_ =
        error{fault::unavailable, to_string(settings_.address) + ": the server closed the idle connection",
              "the profile store cannot be reached"};
    ++failures_;
  }
  connection_.reset();
  stale_ = false;
  if (const auto left = pauses_.remaining(); left.count() > 0)
    return paused(left);
  auto opened = redis_connection::open(settings_, clock::now() + settings_.connect_timeout);
  if (!opened) {
    lose(opened.error());
    return tl::unexpected<error>(std::move(opened.error()));
  }
  connection_ = std::move(*opened);
  dialect_ = {};
  wide_probe_ = true;
  ++connects_;
  return {};
}

tl::unexpected<error> redis_store::paused(std::chrono::milliseconds left) const {
  const auto& last = *last_error_;
  // Errors that an operator must fix keep their cause; all others mean that the server cannot be reached.
  return tl::unexpected<error>(
      error{is_lasting(last.cause) ? last.cause : fault::unavailable,
            last.message + "; next attempt in " + std::to_string(left.count()) + " ms", last.public_message});
}

redis_connection::answers redis_store::exchange(const command_batch& commands, clock::time_point deadline) {
  if (!connection_)
    return {{}, last_error_};
  auto outcome = connection_->exchange(commands, deadline);
  if (outcome.lost)
    lose(*outcome.lost);
  else
    pauses_.succeeded();
  // After a failover this may be the old master, so the next call reconnects, with name resolution.
  stale_ |= std::any_of(outcome.replies.begin(), outcome.replies.end(), is_readonly_error);
  return outcome;
}

result<reply_ptr> redis_store::ask(const command_batch& one_command) {
  if (auto connected = connect(); !connected)
    return tl::unexpected<error>(std::move(connected.error()));
  auto outcome = exchange(one_command, clock::now() + settings_.command_timeout);
  if (outcome.lost)
    return tl::unexpected<error>(std::move(*outcome.lost));
  return std::move(outcome.replies.front());
}

void redis_store::lose(error reason) {
  connection_.reset();
  last_error_ = std::move(reason);
  ++failures_;
  pauses_.failed();
}

} // namespace winnow
