#include "redis/redis_connection.hpp"

#include "redis/host_addresses.hpp"
#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
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
  return tl::unexpected<error>(error{cause, std::move(message),
                                     cause == fault::timeout ? "the profile store did not answer in time"
                                                             : "the profile store cannot be reached"});
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

} // namespace

redis_connection::redis_connection(context_ptr context, std::string address)
    : context_(std::move(context)), address_(std::move(address)) {}

result<redis_connection> redis_connection::open(const store_settings& settings, clock::time_point deadline) {
  const auto& where = settings.address;
  if (where.transport == store_address::kind::unix_socket)
    return enter(context_ptr(redisConnectUnixNonBlock(where.path.c_str())), where, deadline);
  const auto addresses = host_addresses(where.host);
  if (!addresses)
    return cannot_serve(addresses.error().cause,
                        to_string(where) + ": cannot connect: " + addresses.error().message);
  return open_at(settings, *addresses, deadline);
}

result<redis_connection> redis_connection::open_at(const store_settings& settings,
                                                   const std::vector<std::string>& addresses,
                                                   clock::time_point deadline) {
  const auto& where = settings.address;
  result<redis_connection> opened = cannot_serve(fault::unavailable, to_string(where) + ": no address");
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto now = clock::now();
    const auto share = (deadline - now) / static_cast<int>(addresses.size() - i);
    opened = enter(context_ptr(redisConnectNonBlock(addresses[i].c_str(), where.port)), where, now + share);
    if (opened)
      break;
    // A server that answers, but refuses, is the right one.
    const auto cause = opened.error().cause;
    if (cause != fault::unavailable && cause != fault::timeout)
      break;
  }
  return opened;
}

/// Finishes connecting and logs in. The context is non-blocking, because the blocking calls of hiredis have a
/// timeout per read, but none per pipeline.
result<redis_connection> redis_connection::enter(context_ptr context, const store_address& where,
                                                 clock::time_point deadline) {
  if (!context)
    return fail(fault::internal, "hiredis: out of memory");
  redis_connection connection(std::move(context), to_string(where));
  if (auto connected = connection.finish_connecting(deadline); !connected)
    return tl::unexpected<error>(std::move(connected.error()));
  if (auto accepted = connection.log_in(where, deadline); !accepted)
    return tl::unexpected<error>(std::move(accepted.error()));
  return connection;
}

result<void> redis_connection::finish_connecting(clock::time_point deadline) {
  if (context_->err != 0)
    return broken(fault::unavailable, std::string("cannot connect: ") + context_->errstr);
  if (auto ready = await(POLLOUT, deadline); !ready)
    return fail("cannot connect", ready.error());
  int code = 0;
  socklen_t size = sizeof code;
  if (getsockopt(descriptor(), SOL_SOCKET, SO_ERROR, &code, &size) != 0)
    code = errno;
  if (code != 0)
    return broken(fault::unavailable, "cannot connect: " + system_text(code));
  if (context_->connection_type == REDIS_CONN_TCP) {
    const int on = 1;
    if (setsockopt(descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
      return broken(fault::unavailable, "cannot set TCP_NODELAY: " + system_text(errno));
  }
  return {};
}

result<void> redis_connection::log_in(const store_address& where, clock::time_point deadline) {
  command_batch commands;
  const bool auth = !where.password.empty();
  const bool select = where.database != 0;
  if (auth && where.user.empty())
    commands.add({"AUTH", where.password});
  else if (auth)
    commands.add({"AUTH", where.user, where.password});
  if (select)
    commands.add({"SELECT", std::to_string(where.database)});
  commands.add({"CLIENT", "SETNAME", "winnow"});

  const auto outcome = exchange(commands, deadline);
  // A server that is full or protected sends one error reply and hangs up. That reply says more than the
  // hang-up.
  const auto refused = [&](std::size_t index, std::string_view step,
                           fault in_place_of_unsupported) -> result<void> {
    if (index >= outcome.replies.size())
      return tl::unexpected<error>(*outcome.lost);
    auto accepted = as_status(step, *outcome.replies[index]);
    if (accepted)
      return accepted;
    auto& why = accepted.error();
    why.message.insert(0, address_ + ": "); // not in the public message
    if (why.cause == fault::unsupported)
      why.cause = in_place_of_unsupported;
    return accepted;
  };

  std::size_t index = 0;
  if (auth) {
    if (auto accepted = refused(index++, "AUTH", fault::denied); !accepted)
      return accepted;
  }
  if (select) {
    if (auto accepted = refused(index++, "SELECT " + std::to_string(where.database), fault::invalid_argument);
        !accepted)
      return accepted;
  }
  auto named = refused(index, "CLIENT SETNAME", fault::unsupported);
  // The name only helps readers of CLIENT LIST, so a user or server that does not allow it is accepted.
  if (!named && index < outcome.replies.size() &&
      (named.error().cause == fault::unsupported || starts_with(text_of(*outcome.replies[index]), "NOPERM")))
    return {};
  return named;
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
  const auto before = context_->reader->len;
  if (redisBufferRead(context_.get()) != REDIS_OK)
    return broken(fault::unavailable, context_->errstr);
  return context_->reader->len != before;
}

result<reply_ptr> redis_connection::next() {
  // Uses the reader itself, because a read error of the context would hide replies received before it.
  void* reply = nullptr;
  if (redisReaderGetReply(context_->reader, &reply) != REDIS_OK)
    return broken(fault::unavailable, context_->reader->errstr);
  return reply_ptr(static_cast<redisReply*>(reply));
}

bool redis_connection::idle() const {
  if (context_->err != 0 || context_->reader->pos < context_->reader->len)
    return false;
  pollfd entry{descriptor(), POLLIN, 0};
  return ::poll(&entry, 1, 0) == 0;
}

result<void> redis_connection::write_some(std::string_view& unsent) {
  while (!unsent.empty()) {
    // Not the write of hiredis, which raises SIGPIPE if the server has hung up.
    const auto written = ::send(descriptor(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
    if (written >= 0)
      unsent.remove_prefix(static_cast<std::size_t>(written));
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      return {};
    else if (errno != EINTR)
      return broken(fault::unavailable, "cannot send: " + system_text(errno));
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
