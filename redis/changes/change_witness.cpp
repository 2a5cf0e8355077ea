#include "redis/changes/change_witness.hpp"

#include "redis/records/keys.hpp"
#include "redis/sentinel/server_access.hpp"

#include <string_view>
#include <thread>
#include <utility>

namespace winnow {
namespace {

using clock = redis_connection::clock;

/// The id of a process of Redis; another one, though at the same address, knows nothing of earlier changes.
result<std::string> run_id(redis_connection& connection, clock::time_point deadline) {
  constexpr std::string_view name = "INFO server";
  constexpr std::string_view label = "run_id:";
  const auto reply = connection.ask(name, {"INFO", "server"}, deadline);
  if (!reply)
    return tl::unexpected<error>(reply.error());
  const auto value = as_value(name, **reply);
  if (!value)
    return tl::unexpected<error>(value.error());
  const auto text = value->value_or("");
  const auto at = text.find(label);
  if (at == std::string::npos)
    return fail(fault::unsupported, std::string(name) + ": expected a line run_id, got none");
  const auto begin = at + label.size();
  return text.substr(begin, text.find('\r', begin) - begin);
}

/// The value of a reply that consists of names and values; null if there is none.
const redisReply* field(const redisReply& reply, std::string_view name) {
  for (std::size_t i = 0; reply.type == REDIS_REPLY_ARRAY && i + 1 < reply.elements; i += 2)
    if (text_of(*reply.element[i]) == name)
      return reply.element[i + 1];
  return nullptr;
}

bool contains(const redisReply& array, std::string_view word) {
  for (std::size_t i = 0; array.type == REDIS_REPLY_ARRAY && i < array.elements; ++i)
    if (text_of(*array.element[i]) == word)
      return true;
  return false;
}

} // namespace

change_witness::change_witness(redis_connection connection, std::string server)
    : connection_(std::move(connection)), server_(std::move(server)) {}

result<change_witness> change_witness::open(const store_settings& settings, clock::time_point deadline) {
  auto connection = open_server(settings, deadline);
  if (!connection)
    return tl::unexpected<error>(std::move(connection.error()));
  auto server = run_id(*connection, deadline);
  if (!server)
    return tl::unexpected<error>(std::move(server.error()));
  return change_witness(std::move(*connection), std::move(*server));
}

result<void> change_witness::arm(const store_settings& settings, clock::time_point deadline) {
  std::string client;
  {
    auto target = open_server(settings, deadline);
    if (!target)
      return tl::unexpected<error>(std::move(target.error()));
    const auto id = target->ask("CLIENT ID", {"CLIENT", "ID"}, deadline).and_then([](const reply_ptr& reply) {
      return as_count("CLIENT ID", *reply);
    });
    if (!id)
      return tl::unexpected<error>(id.error());
    client = std::to_string(*id);
    if (auto redirected = redirect(client, deadline); !redirected)
      return redirected;
  }
  if (auto gone = await_end_of(client, deadline); !gone)
    return gone;
  target_ = std::move(client);
  return is_unmarked(deadline).map([](bool) {}); // the first question tells whether it can be asked at all
}

/// Starts to track changes for `client`.
result<void> change_witness::redirect(const std::string& client, clock::time_point deadline) {
  if (!target_.empty()) {
    target_.clear();
    if (const auto off = ask("CLIENT TRACKING", {"CLIENT", "TRACKING", "OFF"}, deadline); !off)
      return tl::unexpected<error>(off.error());
  }
  return ask("CLIENT TRACKING",
             {"CLIENT", "TRACKING", "ON", "REDIRECT", client, "BCAST", "PREFIX",
              prefix_of(key_family::profiles)},
             deadline)
      .map([](const reply_ptr&) {});
}

/// Waits until the server knows no `client`. It is asked to redirect to it again, which it refuses in any
/// case: either there is no such client, or the prefix is tracked already.
result<void> change_witness::await_end_of(const std::string& client, clock::time_point deadline) {
  for (std::chrono::milliseconds pause{1};; pause *= 2) {
    const auto again = redirect(client, deadline);
    if (again)
      return fail(fault::unsupported, "CLIENT TRACKING: expected that a prefix is refused the second time");
    if (again.error().message.find("does not exist") != std::string::npos)
      return {};
    if (again.error().message.find("overlap") == std::string::npos)
      return again;
    if (clock::now() + pause >= deadline)
      return connection_.late();
    std::this_thread::sleep_for(pause);
  }
}

result<bool> change_witness::is_sure(redis_connection& other, clock::time_point deadline) {
  if (target_.empty())
    return false;
  const auto same = run_id(other, deadline).map([this](const std::string& id) { return id == server_; });
  if (!same || !*same)
    return same;
  return is_unmarked(deadline);
}

result<bool> change_witness::is_unmarked(clock::time_point deadline) {
  constexpr std::string_view name = "CLIENT TRACKINGINFO";
  const auto reply = ask(name, {"CLIENT", "TRACKINGINFO"}, deadline);
  if (!reply)
    return tl::unexpected<error>(reply.error());
  const auto* flags = field(**reply, "flags");
  const auto* target = field(**reply, "redirect");
  if (flags == nullptr || target == nullptr || target->type != REDIS_REPLY_INTEGER)
    return tl::unexpected<error>(unexpected_kind(name, "flags and redirect", **reply));
  return contains(*flags, "bcast") && !contains(*flags, "broken_redirect") &&
         std::to_string(target->integer) == target_;
}

result<void> change_witness::beat() {
  if (auto filled = connection_.fill(); !filled)
    return tl::unexpected<error>(std::move(filled.error()));
  const auto answer = connection_.next();
  if (!answer)
    return tl::unexpected<error>(answer.error());
  if (beaten_ && !*answer)
    return {};
  command_batch ping;
  ping.add({"PING"});
  beaten_ = true;
  return connection_.send(ping, clock::now());
}

result<reply_ptr> change_witness::ask(std::string_view name, std::initializer_list<std::string_view> words,
                                      clock::time_point deadline) {
  return connection_.ask(name, words, deadline, std::exchange(beaten_, false) ? 1 : 0);
}

} // namespace winnow
