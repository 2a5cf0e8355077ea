#include "redis/cluster/cluster_channel.hpp"

#include "redis/connection/node_failure.hpp"
#include "redis/connection/refusal.hpp"

#include <algorithm>
#include <atomic>
#include <poll.h>
#include <string_view>
#include <utility>

namespace winnow {
namespace {

using namespace std::chrono_literals;

constexpr int most_redirections = 5;

// While a master is away, the others are asked this often who has taken its place.
constexpr auto refresh_pause = 100ms;

// Of all channels, so that a scan notices a new channel, too.
std::atomic<std::uint64_t> last_layout{0};

constexpr std::string_view asking = "*1\r\n$6\r\nASKING\r\n";

bool is_error(const redisReply& reply, std::string_view word) {
  return reply.type == REDIS_REPLY_ERROR && begins_with_word(text_of(reply), word);
}

} // namespace

cluster_channel::cluster_channel(const store_settings& settings, std::vector<store_place>& places,
                                 reply_stream::time_limits limits)
    : settings_(settings), places_(places), limits_(limits) {}

result<std::unique_ptr<command_channel>> cluster_channel::open(const store_settings& settings,
                                                               std::vector<store_place>& places,
                                                               reply_stream::time_limits limits) {
  auto table = fetch_slots(settings, places, clock::now() + settings.connect_timeout);
  if (!table)
    return tl::unexpected<error>(std::move(table.error()));
  std::unique_ptr<cluster_channel> made(new cluster_channel(settings, places, limits));
  made->adopt(std::move(*table));
  return made;
}

std::shared_ptr<cluster_channel::batch> cluster_channel::begin(const command_batch& commands, receiver take) {
  auto made = std::make_shared<batch>(batch{std::move(take), {}, commands.size()});
  made->replies.resize(commands.size());
  ++under_way_;
  return made;
}

void cluster_channel::send(const command_batch& commands, receiver take) {
  if (commands.size() == 0)
    return take({});
  refresh();
  const auto whole = begin(commands, std::move(take));
  std::map<std::int16_t, parts> by_owner;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto slot = slot_of(commands.key(i));
    auto owner = table_.owners[slot];
    if (commands.key(i).empty())
      owner = 0;
    by_owner[owner].push_back({whole, i, std::string(commands.command(i)), slot});
  }
  for (auto& [owner, what] : by_owner) {
    if (owner < 0) {
      stale_ = true;
      refuse(what, "CLUSTERDOWN the slot of the key has no node");
    } else {
      dispatch(node_at(table_.masters[static_cast<std::size_t>(owner)]), std::move(what));
    }
  }
}

void cluster_channel::send_to(std::size_t server, const command_batch& commands, receiver take) {
  const auto whole = begin(commands, std::move(take));
  parts what;
  for (std::size_t i = 0; i < commands.size(); ++i)
    what.push_back({whole, i, std::string(commands.command(i)), 0});
  dispatch(node_at(table_.masters.at(server)), std::move(what));
}

cluster_channel::node& cluster_channel::node_at(const store_place& place) {
  const auto found = nodes_.find(to_string(place));
  if (found != nodes_.end())
    return found->second;
  return nodes_
      .emplace(to_string(place),
               node{place, std::nullopt, backoff(settings_.reconnect_min, settings_.reconnect_max)})
      .first->second;
}

result<void> cluster_channel::connect(node& at) {
  if (at.stream && !at.moving && at.stream->empty() && !at.stream->idle())
    at.stream.reset(); // closed while idle, which needs no pause
  if (at.stream)
    return {};
  if (at.pauses.remaining() > 0ms)
    return tl::unexpected<error>(at.last_error);
  auto opened = redis_connection::open(settings_for_node(settings_, at.place),
                                       clock::now() + settings_.connect_timeout);
  if (!opened) {
    lose(at, opened.error());
    return tl::unexpected<error>(std::move(opened.error()));
  }
  at.pauses.succeeded();
  at.stream.emplace(std::move(*opened), limits_);
  return {};
}

void cluster_channel::dispatch(node& at, parts what) {
  if (const auto connected = connect(at); !connected)
    return refuse(what, text_of_node_failure(to_string(at.place), connected.error()));
  command_batch commands;
  for (const auto& one : what) {
    if (one.asking)
      commands.add_encoded(asking);
    commands.add_encoded(one.command);
  }
  const auto sent = std::make_shared<parts>(std::move(what));
  at.stream->send(commands, [this, &at, sent](redis_connection::answers answers) {
    take(at, *sent, std::move(answers));
  });
}

void cluster_channel::take(const node& from, parts& what, redis_connection::answers answers) {
  std::map<std::string, parts> elsewhere; // by place
  auto reply = answers.replies.begin();
  const auto left = [&] { return answers.replies.end() - reply; };
  parts missing;
  for (auto& one : what) {
    if (left() < (one.asking ? 2 : 1)) {
      reply = answers.replies.end();
      missing.push_back(std::move(one));
      continue;
    }
    reply += one.asking ? 1 : 0;
    auto mine = std::move(*reply++);
    const auto target = parse_redirection(text_of(*mine), from.place);
    if (target && is_redirected(one, *mine)) {
      node_at(*target);
      elsewhere[to_string(*target)].push_back(std::move(one));
    } else {
      settle(one, of_node(from, std::move(mine)));
    }
  }
  if (!missing.empty())
    refuse(missing, text_of_node_failure(to_string(from.place),
                                         answers.lost.value_or(error{fault::unavailable, "no reply"})));
  for (auto& [place, parts_there] : elsewhere)
    dispatch(nodes_.at(place), std::move(parts_there));
}

/// Whether the reply sends the command to another node.
bool cluster_channel::is_redirected(part& one, const redisReply& reply) {
  const bool moved = is_error(reply, "MOVED");
  if (!moved && !is_error(reply, "ASK"))
    return false;
  stale_ |= moved;
  one.asking = !moved;
  return ++one.redirections <= most_redirections;
}

void cluster_channel::settle(part& one, reply_ptr reply) {
  auto& whole = *one.of;
  whole.replies[one.index] = std::move(reply);
  if (--whole.missing > 0)
    return;
  --under_way_;
  redis_connection::answers answers;
  answers.replies = std::move(whole.replies);
  answers.lost = abandoned_;
  whole.take(std::move(answers));
}

/// The reply, or, if it says that the node serves nothing at present, one that names the node: the others may
/// serve.
reply_ptr cluster_channel::of_node(const node& from, reply_ptr reply) {
  if (reply->type != REDIS_REPLY_ERROR)
    return reply;
  auto failure = text_of_node_refusal(to_string(from.place), text_of(*reply));
  return failure ? error_reply(std::move(*failure)) : std::move(reply);
}

/// @param text Of the error reply to each.
void cluster_channel::refuse(parts& what, const std::string& text) {
  for (auto& one : what)
    settle(one, error_reply(text));
}

void cluster_channel::lose(node& at, const error& reason) {
  at.last_error = reason;
  at.pauses.failed();
  stale_ = true;
  if (!at.stream)
    return;
  auto broken = std::move(*at.stream);
  at.stream.reset();
  broken.abandon(reason);
}

result<void> cluster_channel::move() {
  for (auto& [place, one] : nodes_) {
    if (!one.stream || one.stream->empty())
      continue;
    one.moving = true; // its receivers may send more
    const auto moved = one.stream->move();
    one.moving = false;
    if (!moved)
      lose(one, moved.error());
  }
  return {};
}

void cluster_channel::abandon(const error& reason) {
  abandoned_ = reason;
  for (auto& [place, one] : nodes_)
    if (one.stream)
      lose(one, reason);
}

int cluster_channel::descriptor() const noexcept {
  for (const auto& [place, one] : nodes_)
    if (one.stream && !one.stream->empty())
      sockets_.watch(one.stream->descriptor(), one.stream->events());
  return sockets_.descriptor();
}

short cluster_channel::events() const noexcept {
  return POLLIN;
}

cluster_channel::clock::time_point cluster_channel::due() const {
  std::optional<clock::time_point> first;
  for (const auto& [place, one] : nodes_)
    if (one.stream && !one.stream->empty())
      first = std::min(first.value_or(clock::time_point::max()), one.stream->due());
  return first.value_or(clock::now());
}

std::uint64_t cluster_channel::layout() {
  stale_ = true;
  next_refresh_ = {};
  refresh();
  return layout_;
}

void cluster_channel::refresh() {
  const auto now = clock::now();
  if (!stale_ || now < next_refresh_)
    return;
  auto table = fetch_slots(settings_, places_, now + settings_.connect_timeout);
  next_refresh_ = clock::now() + refresh_pause;
  if (!table) {
    lost_ = std::move(table.error());
    return;
  }
  lost_.reset();
  stale_ = false;
  adopt(std::move(*table));
}

void cluster_channel::adopt(slot_table table) {
  if (table.owners != table_.owners || !(table.masters == table_.masters))
    layout_ = ++last_layout;
  table_ = std::move(table);
}

redis_connection::answers exchange_in_cluster(const store_settings& settings,
                                              std::vector<store_place>& places,
                                              const command_batch& commands) {
  redis_connection::answers outcome;
  const auto channel =
      cluster_channel::open(settings, places, {settings.command_timeout, settings.command_timeout});
  if (!channel) {
    outcome.lost = channel.error();
    return outcome;
  }
  bool done = false;
  (*channel)->send(commands, [&](redis_connection::answers answers) {
    outcome = std::move(answers);
    done = true;
  });
  while (!done) {
    pollfd entry{(*channel)->descriptor(), (*channel)->events(), 0};
    ::poll(&entry, 1, 10); // a node that is late makes itself heard, too
    static_cast<void>((*channel)->move());
  }
  return outcome;
}

} // namespace winnow
