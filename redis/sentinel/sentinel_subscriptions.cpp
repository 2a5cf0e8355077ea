#include "redis/sentinel/sentinel_subscriptions.hpp"

#include "config/log/log.hpp"
#include "redis/sentinel/sentinel_query.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace winnow {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view channel = "+switch-master";

// Sentinels are few and say little: a lost one is missed only in a failover that the others do not see.
constexpr auto heartbeat = 2s;
constexpr auto first_pause = 500ms;
constexpr auto longest_pause = 15s;

bool is_readable(int descriptor) {
  pollfd entry{descriptor, POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

} // namespace

sentinel_subscriptions::sentinel_subscriptions(const store_settings& settings,
                                               std::function<void(const store_place&)> announced)
    : settings_(settings), announced_(std::move(announced)), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (stop_ < 0)
    throw std::system_error(errno, std::generic_category(), "cannot create an eventfd");
  for (const auto& sentinel : settings.address.sentinels)
    all_.push_back({sentinel, backoff(first_pause, longest_pause), std::nullopt});
  thread_ = std::thread([this] { run(); });
}

sentinel_subscriptions::~sentinel_subscriptions() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(stop_, &one, sizeof one)); // fails only if the counter is full
  thread_.join();
  ::close(stop_);
}

void sentinel_subscriptions::run() {
  while (!is_readable(stop_)) {
    for (auto& one : all_) {
      if (!one.connection && one.pauses.remaining() == 0ms)
        subscribe(one);
      if (one.connection)
        beat(one);
    }
    wait();
  }
}

/// Waits until a sentinel says something, or until something is due.
void sentinel_subscriptions::wait() {
  std::vector<pollfd> entries{{stop_, POLLIN, 0}};
  auto left = std::chrono::milliseconds(heartbeat);
  for (const auto& one : all_) {
    entries.push_back({one.connection ? one.connection->descriptor() : -1, POLLIN, 0});
    const auto due = one.connection
                         ? std::chrono::ceil<std::chrono::milliseconds>(one.next_ping - clock::now())
                         : one.pauses.remaining();
    left = std::clamp(due, 0ms, left);
  }
  if (::poll(entries.data(), entries.size(), static_cast<int>(left.count())) <= 0)
    return;
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (entries[i + 1].revents != 0)
      read(all_[i]);
}

void sentinel_subscriptions::subscribe(subscription& one) {
  const auto deadline = clock::now() + settings_.connect_timeout;
  auto opened = open_sentinel(settings_, one.sentinel, deadline);
  if (!opened)
    return lose(one, opened.error());
  command_batch batch;
  batch.add({"SUBSCRIBE", channel});
  const auto outcome = opened->exchange(batch, deadline);
  if (outcome.lost)
    return lose(one, *outcome.lost);
  if (const auto& reply = *outcome.replies.front(); reply.type == REDIS_REPLY_ERROR)
    return lose(one, error_from_reply("SUBSCRIBE", text_of(reply)));
  one.connection.emplace(std::move(*opened));
  one.pauses.succeeded();
  one.next_ping = clock::now() + heartbeat;
  one.pinged = false;
}

void sentinel_subscriptions::read(subscription& one) {
  one.pinged = false;
  one.next_ping = clock::now() + heartbeat;
  const auto filled = one.connection->fill();
  for (;;) {
    const auto reply = one.connection->next();
    if (!reply)
      return lose(one, reply.error());
    if (!*reply)
      break;
    const bool message = (*reply)->type == REDIS_REPLY_ARRAY && (*reply)->elements == 3 &&
                         text_of(*(*reply)->element[0]) == "message";
    if (!message)
      continue;
    if (const auto master = parse_switch(text_of(*(*reply)->element[2]), settings_.address.master_name))
      announced_(*master);
  }
  if (!filled)
    lose(one, filled.error());
}

/// Sends a PING to a silent sentinel; loses it if the last one was not answered.
void sentinel_subscriptions::beat(subscription& one) const {
  const auto now = clock::now();
  if (now < one.next_ping)
    return;
  if (std::exchange(one.pinged, true))
    return lose(one, error{fault::timeout, "no answer to PING in time"});
  one.next_ping = now + heartbeat;
  command_batch ping;
  ping.add({"PING"});
  if (const auto sent = one.connection->send(ping, now); !sent)
    lose(one, sent.error());
}

void sentinel_subscriptions::lose(subscription& one, const error& why) const {
  one.connection.reset();
  one.pauses.failed();
  log_event(log_level::debug, "sentinels", "not subscribed",
            {{"sentinel", to_string(one.sentinel)}, {"reason", why.message}});
}

} // namespace winnow
