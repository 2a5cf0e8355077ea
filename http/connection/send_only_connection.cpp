#include "http/connection/send_only_connection.hpp"

#include "http/connection/io_worker.hpp"

namespace winnow::http {

namespace {

constexpr std::chrono::seconds linger_time{2};

} // namespace

send_only_connection::send_only_connection(client_stream stream, io_worker& worker,
                                           const server_state& shared)
    : stream_(std::move(stream)), worker_(worker), shared_(shared) {}

void send_only_connection::start(std::shared_ptr<event_stream> events) {
  if (!events) {
    linger();
  } else {
    events_ = std::move(events);
    events_->attach([gate = worker_.way_in(), self = weak_from_this()] {
      gate->post([self] {
        if (const auto alive = self.lock())
          alive->on_events();
      });
    });
    if (shared_.retiring)
      events_->end();
    send_events();
  }
  // Reading is also the only way to notice that the client has left.
  if (phase_ != phase::closed)
    discard_input();
}

void send_only_connection::retire() {
  if (phase_ == phase::streaming)
    events_->end();
}

void send_only_connection::expire(clock::time_point now) {
  if (now < deadline_ || phase_ == phase::closed)
    return;
  if (phase_ == phase::streaming && !writing_)
    send_heartbeat();
  else
    close();
}

std::optional<send_only_connection::clock::time_point> send_only_connection::idle_since() const {
  return phase_ == phase::lingering ? std::optional(deadline_ - linger_time) : std::nullopt;
}

void send_only_connection::on_events() {
  if (phase_ == phase::streaming)
    send_events();
}

void send_only_connection::send_events() {
  if (writing_) {
    // New events follow when this write completes. After an overrun, waiting for it is pointless.
    if (events_->has_overrun())
      close();
    return;
  }
  const auto condition = events_->take(outgoing_);
  if (condition == event_stream::condition::overrun)
    return close();
  if (!outgoing_.empty())
    return write();
  if (condition == event_stream::condition::ended)
    return linger();
  deadline_ = clock::now() + events_->limits().heartbeat;
}

void send_only_connection::send_heartbeat() {
  outgoing_ = ":\n\n"; // A comment: clients skip it, but see that the connection is alive.
  write();
}

void send_only_connection::write() {
  writing_ = true;
  deadline_ = clock::now() + shared_.settings.body_timeout;
  stream_.async_write(boost::asio::buffer(outgoing_),
                      [self = shared_from_this()](error_code ec, std::size_t /*size*/) {
                        self->writing_ = false;
                        if (self->phase_ != phase::streaming)
                          return; // It was closed.
                        if (ec)
                          self->close();
                        else
                          self->send_events();
                      });
}

/// Closing while input is unread would reset the connection, and the reset could overtake the answer.
void send_only_connection::linger() {
  phase_ = phase::lingering;
  deadline_ = clock::now() + linger_time;
  events_.reset();
  error_code ec;
  stream_.end_output(ec);
  if (ec)
    close();
}

void send_only_connection::discard_input() {
  stream_.async_read_some(boost::asio::buffer(discarded_),
                          [self = shared_from_this()](error_code ec, std::size_t /*size*/) {
                            if (self->phase_ == phase::closed)
                              return;
                            if (ec)
                              self->close();
                            else
                              self->discard_input();
                          });
}

void send_only_connection::close() {
  if (phase_ == phase::closed)
    return;
  phase_ = phase::closed;
  stream_.close();
  events_.reset();
  worker_.forget(*this);
}

} // namespace winnow::http
