#include "http/connection/io_worker.hpp"

#include "config/system/thread_priority.hpp"
#include "http/connection/client_address.hpp"
#include "http/connection/session.hpp"

#include <algorithm>
#include <pthread.h>

namespace winnow::http {

namespace {

namespace asio = boost::asio;

// This many connections over the limit may ask for one answer, which is a 503 unless they are probes. A
// further one takes the place of the one that has waited longest without asking.
constexpr std::size_t turning_away = 128;

// Connections that have been idle for this long are closed if there is no room for others. Younger ones may
// be about to send a request.
constexpr std::chrono::seconds long_idle{1};

/// How often deadlines are checked. A time-out is late by at most an eighth of the shortest one.
std::chrono::milliseconds sweep_interval(const http_settings& settings) {
  using std::chrono::milliseconds;
  const milliseconds shortest =
      std::min({settings.header_timeout, settings.body_timeout, settings.idle_timeout});
  return std::clamp(shortest / 8, milliseconds(5), milliseconds(250));
}

// The scheduling slice to ask for. While all processors compute, a refusal would otherwise wait for the end
// of another thread's slice of milliseconds.
constexpr std::chrono::microseconds turn{100};

} // namespace

io_worker::io_worker(server_state& shared)
    : shared_(shared), context_(1), timer_(context_), way_in_(std::make_shared<gate>()) {}

io_worker::~io_worker() {
  stop();
}

void io_worker::start() {
  way_in_->open(context_);
  thread_ = std::thread([this, work = asio::make_work_guard(context_)] {
    shorten_thread_turns(turn, "taking in requests");
    context_.run();
  });
  ::pthread_setname_np(thread_.native_handle(), "winnow.http");
}

void io_worker::stop() {
  if (!thread_.joinable())
    return;
  way_in_->post([this] {
    for_each_connection([](connection& open) { open.close(); });
    context_.stop();
  });
  way_in_->close();
  thread_.join();
}

void io_worker::admit(stream_socket socket) {
  bool over_client_limit = false;
  auto client = place_for(socket, over_client_limit);
  ++shared_.connections;
  ++shared_.accepted;
  const bool has_room =
      !over_client_limit && (shared_.connections - shared_.spares <= shared_.settings.max_connections ||
                             close_idle(false, long_idle));
  const auto made = std::make_shared<session>(
      client_stream(std::move(socket), shared_.guard.identity ? shared_.guard.identity->current() : nullptr),
      *this, shared_);
  made->client = std::move(client);
  made->spare = !has_room;
  made->place = connections_.size();
  connections_.push_back(made);
  shared_.connections_changed(shared_.connections);
  if (!sweeping_)
    sweep();
  if (!made->spare)
    return made->start();
  if (++shared_.spares > turning_away && !close_idle(true, {}))
    made->close();
  else
    made->start();
}

/// Takes a place for the client. It needs none on this machine, or if it is a proxy, which speaks for many
/// clients.
client_places::place io_worker::place_for(const stream_socket& socket, bool& refused) {
  const auto address = peer_address(socket);
  const std::string name =
      address && !shared_.trusted_proxies.contains(*address) ? limited_name(*address) : std::string();
  if (name.empty())
    return {};
  auto taken = shared_.places.take(name);
  refused = !taken.is_held();
  return taken;
}

/// Returns the connection that has waited longest, or null. @param since Since when one has; nullopt: it does
/// not wait.
template<class Since>
std::shared_ptr<connection> io_worker::longest_waiting(Since since) const {
  auto before = connection::clock::time_point::max();
  std::shared_ptr<connection> longest;
  for (const auto& open : connections_)
    if (const auto began = since(*open); began && *began < before) {
      before = *began;
      longest = open;
    }
  return longest;
}

/// Closes the connection that has been idle for longest, and for `least`. Returns false if there is none.
bool io_worker::close_idle(bool spare, connection::clock::duration least) {
  const auto latest = connection::clock::now() - least;
  const auto longest = longest_waiting([&](const connection& open) {
    const auto since = open.spare == spare ? open.idle_since() : std::nullopt;
    return since && *since <= latest ? since : std::nullopt;
  });
  if (longest)
    longest->close();
  return longest != nullptr;
}

void io_worker::bound_unsent(const connection& newest) {
  while (shared_.unsent_bytes > shared_.settings.max_unsent_bytes)
    if (!give_up_stillest(newest))
      return; // a single answer may be larger
}

bool io_worker::give_up_stillest(const connection& newest) {
  const auto longest = longest_waiting(
      [&](const connection& open) { return &open != &newest ? open.still_since() : std::nullopt; });
  if (longest)
    longest->give_up_answer();
  return longest != nullptr;
}

void io_worker::forget(connection& closed) {
  shared_.spares -= closed.spare ? 1 : 0;
  shared_.refused += closed.spare && !closed.served ? 1 : 0;
  closed.client.leave();
  std::swap(connections_[closed.place], connections_.back());
  connections_[closed.place]->place = closed.place;
  connections_.pop_back();
  shared_.connections_changed(--shared_.connections);
}

void io_worker::replace(connection& old, std::shared_ptr<connection> successor) {
  successor->place = old.place;
  successor->client = std::move(old.client);
  successor->spare = old.spare;
  successor->served = old.served;
  connections_[old.place] = std::move(successor);
}

/// From the back: a connection that closes is replaced by the last one, which has been visited already. An
/// action may close several.
template<class Action>
void io_worker::for_each_connection(Action action) {
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (i >= connections_.size())
      continue;
    const auto kept = connections_[i];
    action(*kept);
  }
}

void io_worker::retire() {
  for_each_connection([](connection& open) { open.retire(); });
}

void io_worker::sweep() {
  sweeping_ = !connections_.empty();
  if (!sweeping_)
    return;
  timer_.expires_after(sweep_interval(shared_.settings));
  timer_.async_wait([this](boost::system::error_code ec) {
    if (ec)
      return;
    for_each_connection([now = connection::clock::now()](connection& open) { open.expire(now); });
    sweep();
  });
}

} // namespace winnow::http
