#include "http/connection/io_worker.hpp"
#include "http/connection/session.hpp"
#include "http/event_stream.hpp"

#include <boost/asio/write.hpp>

// What a session does once an answer is out that was its last: it sends events, where they follow, and
// lingers.

namespace winnow::http {

namespace {

namespace asio = boost::asio;

constexpr std::size_t discard_buffer = 2048;
constexpr std::chrono::seconds linger_time{2};

} // namespace

void session::begin_events() {
  phase_ = phase::streaming;
  events_ = std::move(outgoing_.events);
  events_->attach([way = worker_.way_in(), asker = weak_from_this()] {
    way->post([asker] {
      if (const auto listening = asker.lock())
        listening->on_events();
    });
  });
  if (shared_.retiring)
    events_->end();
  if (!discarding_) { // the only way to learn that the client left
    input_.clear();
    discard_input();
  }
  send_events();
}

void session::on_events() {
  if (phase_ == phase::streaming)
    send_events();
}

void session::send_events() {
  if (sending_) {
    // What follows is sent when this is through; but if that takes too long, it is of no use to wait.
    if (events_->has_overrun())
      close();
    return;
  }
  const auto condition = events_->take(outgoing_.body);
  if (condition == event_stream::condition::overrun)
    return close();
  if (!outgoing_.body.empty())
    return write_events();
  if (condition == event_stream::condition::ended)
    return linger();
  deadline_ = clock::now() + events_->limits().heartbeat;
}

void session::write_events() {
  sending_ = true;
  deadline_ = clock::now() + shared_.settings.body_timeout;
  asio::async_write(socket_, asio::buffer(outgoing_.body),
                    [self = shared_from_this()](error_code ec, std::size_t /*size*/) {
                      self->sending_ = false;
                      if (self->phase_ != phase::streaming)
                        return; // It was closed.
                      if (ec)
                        self->close();
                      else
                        self->send_events();
                    });
}

void session::send_heartbeat() {
  outgoing_.body = ":\n\n"; // a comment: clients skip it, but see that the connection lives
  write_events();
}

/// Closing while bytes of the client are unread would reset the connection, and the reset could overtake the
/// answer.
void session::linger() {
  phase_ = phase::lingering;
  deadline_ = clock::now() + linger_time;
  error_code ec;
  socket_.shutdown(stream_socket::shutdown_send, ec);
  if (ec)
    return close();
  events_.reset();
  if (discarding_)
    return;
  input_.clear();
  discard_input();
}

void session::discard_input() {
  discarding_ = true;
  socket_.async_read_some(input_.prepare(discard_buffer),
                          [self = shared_from_this()](error_code ec, std::size_t) {
                            self->discarding_ = false;
                            if (self->phase_ != phase::lingering && self->phase_ != phase::streaming)
                              return;
                            if (ec)
                              self->close();
                            else
                              self->discard_input();
                          });
}

} // namespace winnow::http
