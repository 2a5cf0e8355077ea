#include "config/text/number_text.hpp"
#include "redis/store/redis_store.hpp"
#include "redis/store/scan_position.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

// What the store asks that concerns no user: scans, counts and probes.

namespace winnow {
namespace {

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
  const auto next = parse_integer<decltype(page.next)>(digits);
  if (!next)
    return fail(fault::malformed, std::string(name) + ": expected a number as cursor, got \"" + digits + '"');
  page.next = *next;
  const auto& keys = *reply.element[1];
  page.keys.reserve(keys.elements);
  for (std::size_t i = 0; i < keys.elements; ++i)
    page.keys.emplace_back(text_of(*keys.element[i]));
  return page;
}

} // namespace

result<scan_page> redis_store::scan(key_family family, std::uint64_t cursor, std::size_t count) {
  if (auto connected = connect(); !connected)
    return tl::unexpected<error>(std::move(connected.error()));
  const auto where = scan_position_of(*stream_, cursor);
  if (!where)
    return tl::unexpected<error>(where.error());
  const auto pattern = std::string(prefix_of(family)) + "*";
  command_batch batch;
  batch.add({"SCAN", std::to_string(where->cursor), "MATCH", pattern, "COUNT",
             std::to_string(std::max<std::size_t>(count, 1))});
  auto page = ask(where->server, batch).and_then([this](const reply_ptr& reply) {
    service_.note(store_use::scans, command_name(store_use::scans, dialect_), *reply);
    return parse_scan(*reply);
  });
  if (page && family == key_family::profiles)
    note_timestamps(*page);
  if (!page || !stream_)
    return page;
  const auto next = next_position(*stream_, *where, page->next);
  if (!next)
    return tl::unexpected<error>(next.error());
  page->next = *next;
  return page;
}

void redis_store::note_timestamps(const scan_page& page) {
  if (seen_->timestamps)
    return;
  const auto is_stamped = [](const std::string& key) {
    const auto profile = parse_profile_key(key);
    return profile && !profile->timestamp.empty();
  };
  if (std::any_of(page.keys.begin(), page.keys.end(), is_stamped))
    seen_->timestamps = true;
}

result<std::uint64_t> redis_store::key_count() {
  if (auto connected = connect(); !connected)
    return tl::unexpected<error>(std::move(connected.error()));
  command_batch batch;
  batch.add({"DBSIZE"});
  std::uint64_t sum = 0;
  const auto servers = stream_->servers();
  for (std::size_t server = 0; server < servers; ++server) {
    const auto count =
        ask(server, batch).and_then([](const reply_ptr& reply) { return as_count("DBSIZE", *reply); });
    if (!count)
      return count;
    sum += *count;
  }
  return sum;
}

result<void> redis_store::probe() {
  begin_probe();
  move_until([this] { return !probing_; });
  return probed_;
}

void redis_store::begin_probe() {
  if (probing_)
    return;
  probed_ = connect();
  if (!probed_)
    return;
  probing_ = true;
  send_probe();
  move();
}

void redis_store::send_probe() {
  const auto probing = std::make_shared<const store_probe>(
      service_, dialect_,
      store_probe::extent{wide_probe_ || service_.is_partial(), seen_->timestamps.load()});
  send(probing->commands(),
       [this, probing](redis_connection::answers answers) { note_probe(*probing, std::move(answers)); });
}

void redis_store::note_probe(const store_probe& probing, redis_connection::answers answers) {
  if (!answers.lost && probing.adapt(dialect_, answers.replies))
    return send_probe();
  probing_ = false;
  if (answers.lost) {
    probed_ = tl::unexpected<error>(*answers.lost);
    return;
  }
  wide_probe_ = false;
  probed_ = probing.note(answers.replies, service_);
  service_.begin_round();
}

} // namespace winnow
