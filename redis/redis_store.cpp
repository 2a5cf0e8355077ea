#include "redis/redis_store.hpp"

#include "config/log/log.hpp"
#include "redis/store_protocol.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace winnow {
namespace {

constexpr std::string_view no_records = "it is not recorded what lists are made of";
constexpr std::string_view no_scripts = "lists are stored without comparing the profile";

bool is_readonly_error(const reply_ptr& reply) {
  constexpr std::string_view word = "READONLY";
  return reply->type == REDIS_REPLY_ERROR && text_of(*reply).substr(0, word.size()) == word;
}

/// Whether a refusal lasts until an operator changes something.
bool is_lasting(fault cause) {
  return cause == fault::denied || cause == fault::unsupported;
}

bool is_empty_read(const store_reply& reply) {
  return reply && reply->value && reply->value->empty();
}

list_dialect wanted_lists(const store_settings& settings) {
  return {settings.list_records, true, settings.list_ttl};
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
    : settings_(std::move(settings)), lists_(wanted_lists(settings_)), pauses_(std::move(pauses)) {}

std::vector<store_reply> redis_store::execute(gsl::span<const store_command> commands) {
  std::vector<store_reply> replies;
  if (commands.empty())
    return replies;
  if (auto connected = connect(); !connected) {
    replies.assign(commands.size(), tl::unexpected<error>(connected.error()));
    return replies;
  }
  command_batch batch;
  for (const auto& command : commands)
    encode(command, lists_, batch);
  const auto deadline = clock::now() + settings_.command_timeout;
  const auto outcome = exchange(batch, deadline);
  const gsl::span<const reply_ptr> received(outcome.replies);
  replies.reserve(commands.size());
  std::size_t used = 0;
  std::vector<std::size_t> unknown_script, failed_script;
  const auto lists = lists_; // what the commands were encoded with
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto needed = reply_count(commands[i], lists);
    if (used + needed <= received.size()) {
      const auto own = received.subspan(used, needed);
      replies.push_back(decode(commands[i], lists, own));
      if (const auto* const refusal = refused_record(commands[i], lists, own))
        give_up(&list_dialect::records, no_records, error_from_reply("list records", text_of(*refusal)));
      const auto* const write = std::get_if<write_list>(&commands[i]);
      if (write != nullptr && is_scripted(*write, lists) && own[0]->type == REDIS_REPLY_ERROR)
        (is_unknown_script(*own[0]) ? unknown_script : failed_script).push_back(i);
    } else {
      replies.push_back(fail(key_of(commands[i]), *outcome.lost));
    }
    used += needed;
  }
  store_again(commands, unknown_script, true, replies, deadline);
  store_again(commands, failed_script, false, replies, deadline);
  look_up_empty(commands, replies, deadline);
  return replies;
}

/// Stores lists again whose script the server does not know, or refuses.
/// @param whole_script Sends the script's text; otherwise the list is stored without a script.
void redis_store::store_again(gsl::span<const store_command> commands, const std::vector<std::size_t>& which,
                              bool whole_script, std::vector<store_reply>& replies,
                              clock::time_point deadline) {
  if (which.empty())
    return;
  auto lists = lists_;
  lists.scripts = whole_script;
  command_batch batch;
  for (const auto i : which) {
    const auto& write = std::get<write_list>(commands[i]);
    // The first one tells the server the script.
    if (whole_script && i == which.front())
      encode_whole_script(write, lists, batch);
    else
      encode_write(write, lists, batch);
  }
  const auto outcome = exchange(batch, deadline);
  const gsl::span<const reply_ptr> received(outcome.replies);
  std::vector<std::size_t> failed;
  std::size_t used = 0;
  for (const auto i : which) {
    const auto& write = std::get<write_list>(commands[i]);
    const auto needed = write_reply_count(write, lists);
    if (used + needed > received.size()) {
      replies[i] = fail(key_of(commands[i]), *outcome.lost);
      continue;
    }
    const auto own = received.subspan(used, needed);
    used += needed;
    const auto refusal = replies[i];
    replies[i] = decode_write(write, lists, own);
    const auto* const no_record = refused_record(commands[i], lists, own);
    if (whole_script && own[0]->type == REDIS_REPLY_ERROR)
      failed.push_back(i);
    else if (no_record != nullptr)
      give_up(&list_dialect::records, no_records, error_from_reply("list records", text_of(*no_record)));
    else if (!whole_script && replies[i] && !refusal && is_lasting(refusal.error().cause))
      give_up(&list_dialect::scripts, no_scripts, refusal.error());
  }
  if (whole_script)
    store_again(commands, failed, false, replies, deadline);
}

/// Does without something until the next connection, and says so once.
void redis_store::give_up(bool list_dialect::*what, std::string_view message, const error& reason) {
  if (!std::exchange(lists_.*what, false) || given_up_.find(message) != std::string::npos)
    return;
  given_up_ += message;
  log_event(log_level::warning, "redis_store", message, {{"reason", reason.message}});
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
  return ask(batch).and_then([](const reply_ptr& reply) { return parse_scan(*reply); });
}

result<std::uint64_t> redis_store::key_count() {
  command_batch batch;
  batch.add({"DBSIZE"});
  return ask(batch).and_then([](const reply_ptr& reply) { return as_count("DBSIZE", *reply); });
}

result<void> redis_store::ping() {
  command_batch batch;
  batch.add({"PING"});
  return ask(batch).and_then([](const reply_ptr& reply) { return as_status("PING", *reply); });
}

store_state redis_store::state() const {
  return {connection_.has_value(), to_string(settings_.address), last_error_ ? last_error_->message : "",
          connects_, failures_};
}

result<void> redis_store::connect() {
  if (connection_ && connection_->idle() && !stale_)
    return {};
  if (connection_ && !stale_) {
    // Lost while idle (a restart, or the server's idle timeout), which needs no pause.
    last_error_ =
        error{fault::unavailable, to_string(settings_.address) + ": the server closed the idle connection"};
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
  lists_ = wanted_lists(settings_);
  ++connects_;
  return {};
}

tl::unexpected<error> redis_store::paused(std::chrono::milliseconds left) const {
  const auto& last = *last_error_;
  // Errors that an operator must fix keep their cause; all others mean that the server cannot be reached.
  const bool lasting = last.cause == fault::denied || last.cause == fault::invalid_argument;
  return fail(lasting ? last.cause : fault::unavailable,
              last.message + "; next attempt in " + std::to_string(left.count()) + " ms");
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
