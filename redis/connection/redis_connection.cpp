#include "redis/connection/redis_connection.hpp"

#include "redis/connection/host_addresses.hpp"
#include "redis/connection/refusal.hpp"
#include "redis/transport/plain_stream.hpp"
#include "redis/transport/tls_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <system_error>
#include <utility>

namespace winnow {
namespace {

std::string system_text(int code) {
  return std::generic_category().message(code);
}

int milliseconds_until(redis_connection::clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - redis_connection::clock::now());
  return left.count() > 0 ? static_cast<int>(std::min<std::int64_t>(left.count(), 3'600'000)) : 0;
}

/// The message names the server's address, which is nothing for clients.
tl::unexpected<error> cannot_serve(fault cause, std::string message) {
  const auto words = cause == fault::timeout ? words_for_late : words_for_unreachable;
  return tl::unexpected<error>(error{cause, std::move(message), std::string(words)});
}

result<std::unique_ptr<byte_stream>> open_stream(socket dialling, const store_address& where) {
  if (where.tls.on)
    return tls_stream::open(std::move(dialling), where.tls, where.host);
  return std::make_unique<plain_stream>(std::move(dialling));
}

} // namespace

redis_connection::redis_connection(stream_ptr stream, reader_ptr reader, std::string address)
    : stream_(std::move(stream)), reader_(std::move(reader)), address_(std::move(address)) {}

redis_connection& redis_connection::operator=(redis_connection&& other) noexcept {
  membership_ = std::move(other.membership_); // before the descriptor is closed
  stream_ = std::move(other.stream_);
  reader_ = std::move(other.reader_);
  address_ = std::move(other.address_);
  return *this;
}

result<redis_connection> redis_connection::open(const store_settings& settings, clock::time_point deadline) {
  return open_role(settings, role::any, nullptr, 0, deadline);
}

result<redis_connection> redis_connection::open_role(const store_settings& settings, role wanted,
                                                     const std::shared_ptr<failover_record>& failovers,
                                                     std::uint64_t known_failovers,
                                                     clock::time_point deadline) {
  const auto& where = settings.address;
  const demands all{wanted, failovers, known_failovers};
  if (where.transport == store_address::kind::unix_socket)
    return enter(socket::dial_path(where.path), where, all, deadline);
  const auto addresses = host_addresses(where.host);
  if (!addresses)
    return cannot_serve(addresses.error().cause,
                        to_string(where) + ": cannot connect: " + addresses.error().message);
  return open_at(settings, *addresses, all, deadline);
}

result<redis_connection> redis_connection::open_at(const store_settings& settings,
                                                   const std::vector<std::string>& addresses,
                                                   clock::time_point deadline) {
  return open_at(settings, addresses, demands{}, deadline);
}

result<redis_connection> redis_connection::open_at(const store_settings& settings,
                                                   const std::vector<std::string>& addresses,
                                                   const demands& all, clock::time_point deadline) {
  const auto& where = settings.address;
  result<redis_connection> opened = cannot_serve(fault::unavailable, to_string(where) + ": no address");
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto now = clock::now();
    const auto share = (deadline - now) / static_cast<int>(addresses.size() - i);
    auto tried = enter(socket::dial(addresses[i], where.port), where, all, now + share);
    // A refusal says more than that another address is dead.
    if (tried || !is_refusal(opened.error()) || is_refusal(tried.error()))
      opened = std::move(tried);
    if (opened)
      break;
    // A server that answers, but refuses, is the right one.
    const auto cause = opened.error().cause;
    if (cause != fault::unavailable && cause != fault::timeout)
      break;
  }
  return opened;
}

/// Finishes connecting and logs in. hiredis only parses the replies: its own connections know no TLS in
/// Debian 12, and its blocking calls have a timeout per read, but none per pipeline.
result<redis_connection> redis_connection::enter(result<socket> dialled, const store_address& where,
                                                 const demands& all, clock::time_point deadline) {
  const auto address = to_string(where);
  if (!dialled)
    return cannot_serve(dialled.error().cause, address + ": " + dialled.error().message);
  auto stream = open_stream(std::move(*dialled), where);
  if (!stream)
    return cannot_serve(stream.error().cause, address + ": " + stream.error().message);
  reader_ptr reader(redisReaderCreate());
  if (!reader)
    return fail(fault::internal, "hiredis: out of memory");
  redis_connection connection(std::move(*stream), std::move(reader), address);
  // Also a failover while this waits ends the wait.
  if (all.failovers)
    connection.membership_ = std::make_unique<failover_record::membership>(
        all.failovers, all.known_failovers, store_place{where.host, where.port}, connection.descriptor());
  if (auto connected = connection.finish_connecting(deadline); !connected)
    return tl::unexpected<error>(std::move(connected.error()));
  if (auto accepted = connection.log_in(where, all.wanted, deadline); !accepted)
    return tl::unexpected<error>(std::move(accepted.error()));
  return connection;
}

result<void> redis_connection::finish_connecting(clock::time_point deadline) {
  for (;;) {
    const auto wanted = stream_->connect();
    if (!wanted)
      return broken(wanted.error().cause, wanted.error().message);
    if (*wanted == 0)
      return {};
    if (auto ready = await(*wanted, deadline); !ready)
      return fail(*wanted == POLLOUT ? "cannot connect" : "TLS handshake, which only a port for TLS answers",
                  ready.error());
  }
}

redis_connection::answers redis_connection::exchange(const command_batch& commands,
                                                     clock::time_point deadline, std::size_t owed) {
  const auto wanted = owed + commands.size();
  answers outcome;
  outcome.replies.reserve(wanted);
  auto unsent = commands.bytes();
  const auto complete = [&] { return outcome.replies.size() == wanted && unsent.empty(); };
  while (!complete()) {
    const auto moved = move(unsent, deadline);
    // Replies count even if the server hung up right after them.
    const auto taken = take(outcome.replies, wanted);
    if (complete())
      break;
    if (!moved || !taken) {
      outcome.lost = moved ? taken.error() : moved.error();
      break;
    }
  }
  const auto dropped = std::min(owed, outcome.replies.size());
  outcome.replies.erase(outcome.replies.begin(),
                        outcome.replies.begin() + static_cast<std::ptrdiff_t>(dropped));
  return outcome;
}

result<reply_ptr> redis_connection::ask(std::string_view name, std::initializer_list<std::string_view> words,
                                        clock::time_point deadline, std::size_t owed) {
  command_batch batch;
  batch.add(words);
  auto outcome = exchange(batch, deadline, owed);
  if (outcome.lost)
    return tl::unexpected<error>(std::move(*outcome.lost));
  auto& reply = outcome.replies.front();
  if (reply->type == REDIS_REPLY_ERROR)
    return tl::unexpected<error>(error_from_reply(name, text_of(*reply)));
  return std::move(reply);
}

result<void> redis_connection::move(std::string_view& unsent, clock::time_point deadline) {
  if (auto written = write_some(unsent); !written)
    return written;
  // Also reads while there is data to send: a server whose replies are not read stops reading.
  const auto ready = await(unsent.empty() ? POLLIN : POLLIN | POLLOUT, deadline);
  if (!ready)
    return tl::unexpected<error>(ready.error());
  if ((*ready & ~POLLOUT) != 0)
    return fill().map([](bool) {});
  return {};
}

result<void> redis_connection::take(std::vector<reply_ptr>& replies, std::size_t wanted) {
  while (replies.size() < wanted) {
    auto reply = next();
    if (!reply)
      return tl::unexpected<error>(std::move(reply.error()));
    if (!*reply)
      break;
    replies.push_back(std::move(*reply));
  }
  return {};
}

result<void> redis_connection::send(const command_batch& commands, clock::time_point deadline) {
  auto unsent = commands.bytes();
  for (;;) {
    if (auto written = write_some(unsent); !written)
      return written;
    if (unsent.empty())
      return {};
    if (auto ready = await(POLLOUT, deadline); !ready)
      return tl::unexpected<error>(std::move(ready.error()));
  }
}

result<bool> redis_connection::fill() {
  std::array<char, 16 * 1024> room; // NOLINT(*-member-init): filled below
  bool any = false;
  do {
    const auto received = stream_->read(room);
    if (!received)
      return broken(received.error().cause, received.error().message);
    if (*received == 0)
      break;
    any = true;
    if (redisReaderFeed(reader_.get(), room.data(), *received) != REDIS_OK)
      return broken(fault::unavailable, reader_->errstr);
  } while (stream_->has_buffered()); // poll() does not know of these
  return any;
}

result<reply_ptr> redis_connection::next() {
  constexpr char tls_alert = '\x15';
  const bool encrypted = reader_->pos < reader_->len && reader_->buf[reader_->pos] == tls_alert;
  void* reply = nullptr;
  if (redisReaderGetReply(reader_.get(), &reply) == REDIS_OK)
    return reply_ptr(static_cast<redisReply*>(reply));
  return broken(fault::unavailable,
                encrypted ? "the server speaks TLS; rediss:// instead of redis:// connects with it"
                          : reader_->errstr);
}

bool redis_connection::idle() {
  const auto has_unread = [this] { return reader_->pos < reader_->len; };
  pollfd entry{descriptor(), POLLIN, 0};
  if (has_unread() || ::poll(&entry, 1, 0) < 0)
    return false;
  // What is readable may be a message of TLS itself.
  return entry.revents == 0 || (fill() && !has_unread());
}

result<void> redis_connection::write_some(std::string_view& unsent) {
  while (!unsent.empty()) {
    const auto written = stream_->write(unsent);
    if (!written)
      return broken(written.error().cause, written.error().message);
    if (*written == 0)
      break;
    unsent.remove_prefix(*written);
  }
  return {};
}

result<short> redis_connection::await(short events, clock::time_point deadline) const {
  pollfd entry{descriptor(), events, 0};
  for (;;) {
    const int count = ::poll(&entry, 1, milliseconds_until(deadline));
    if (count > 0)
      return entry.revents;
    if (count == 0)
      return late();
    if (errno != EINTR)
      return broken(fault::unavailable, "cannot wait: " + system_text(errno));
  }
}

tl::unexpected<error> redis_connection::broken(fault cause, std::string_view what) const {
  return cannot_serve(cause, address_ + ": " + std::string(what));
}

} // namespace winnow
