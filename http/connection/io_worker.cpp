#include "http/connection/io_worker.hpp"

#include "config/system/thread_priority.hpp"

#include <algorithm>
#include <pthread.h>

namespace winnow::http {

namespace {

namespace asio = boost::asio;

// Connections over the cap that are being told so; beyond these, new ones are closed without a word.
constexpr std::size_t turning_away = 128;

/// A time-out is late by at most an eighth of the shortest one.
std::chrono::milliseconds sweep_interval(const http_settings& settings) {
  using std::chrono::milliseconds;
  const milliseconds shortest =
      std::min({settings.header_timeout, settings.body_timeout, settings.idle_timeout});
  return std::clamp(shortest / 8, milliseconds(5), milliseconds(250));
}

// With both processors computing, a refusal would else wait for the end of a turn of milliseconds.
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
    for_each_session([](session& open) { open.close(); });
    context_.stop();
  });
  way_in_->close();
  thread_.join();
}

void io_worker::admit(stream_socket socket) {
  const std::size_t now = ++shared_.connections;
  ++shared_.accepted;
  const auto made = std::make_shared<session>(std::move(socket), *this, shared_);
  made->place = sessions_.size();
  sessions_.push_back(made);
  shared_.connections_changed(now);
  if (!sweeping_)
    sweep();
  if (now <= shared_.settings.max_connections)
    return made->start();
  ++shared_.refused;
  if (now <= shared_.settings.max_connections + turning_away)
    made->turn_away();
  else
    made->close();
}

void io_worker::forget(session& closed) {
  std::swap(sessions_[closed.place], sessions_.back());
  sessions_[closed.place]->place = closed.place;
  sessions_.pop_back();
  shared_.connections_changed(--shared_.connections);
}

/// From the back: a session that closes swaps one into its place that was visited already.
template<class Action>
void io_worker::for_each_session(Action action) {
  for (std::size_t i = sessions_.size(); i-- > 0;) {
    const auto kept = sessions_[i];
    action(*kept);
  }
}

void io_worker::retire() {
  for_each_session([](session& open) { open.retire(); });
}

void io_worker::sweep() {
  sweeping_ = !sessions_.empty();
  if (!sweeping_)
    return;
  timer_.expires_after(sweep_interval(shared_.settings));
  timer_.async_wait([this](boost::system::error_code ec) {
    if (ec)
      return;
    for_each_session([now = session::clock::now()](session& open) { open.expire(now); });
    sweep();
  });
}

} // namespace winnow::http
