#include "http/connection/session.hpp"

#include "http/connection/answer_slot.hpp"
#include "http/connection/io_worker.hpp"
#include "http/connection/send_only_connection.hpp"

#include <boost/beast/core/read_size.hpp>
#include <utility>

namespace winnow::http {

namespace {

namespace asio = boost::asio;
using progress = request_reader::progress;

constexpr std::size_t read_ahead = 8192;   // Room after the largest header block: body, pipelined requests.
constexpr std::size_t first_buffer = 2048; // Enough for the headers of common clients.

// How long a connection over a limit may take to ask. Probes ask at once.
constexpr std::chrono::seconds spare_patience{2};

// How long a TLS client may take to answer the end of its idle connection.
constexpr std::chrono::seconds leave_patience{1};

} // namespace

session::session(client_stream stream, io_worker& worker, server_state& shared)
    : stream_(std::move(stream)), worker_(worker), shared_(shared), client_(stream_.socket(), shared_),
      input_(shared.settings.max_header_bytes + read_ahead),
      reader_(shared.settings.max_header_bytes, shared.settings.max_body_bytes) {
  input_.reserve(first_buffer);
}

std::optional<session::clock::time_point> session::idle_since() const {
  // One over a limit does not gain by sending half a request.
  const bool waits = phase_ == phase::handshaking ||
                     (phase_ == phase::reading && (step_ == progress::idle || (spare && read_pending_)));
  return waits ? std::optional(idle_since_) : std::nullopt;
}

void session::retire() {
  if (phase_ == phase::reading && step_ == progress::idle)
    close();
}

std::optional<session::clock::time_point> session::still_since() const {
  return progress_ ? std::optional(progress_->still_since()) : std::nullopt;
}

void session::expire(clock::time_point now) {
  if (progress_)
    follow_answer(now);
  if (now < deadline_)
    return;
  switch (phase_) {
  case phase::handshaking:
    shared_.failed_handshake("timeout");
    close();
    break;
  case phase::reading:
    if (step_ == progress::idle)
      leave();
    else
      refuse({408, step_ == progress::head ? "the headers took too long" : "the body took too long"});
    break;
  case phase::writing:
    cut("timeout");
    break;
  case phase::handling:
  case phase::ended:
    break;
  }
}

/// Ends an idle connection. Over TLS, the client is told first (close_notify), so that it can tell the end
/// from an attack (RFC 8446, 6.1).
void session::leave() {
  if (!stream_.is_encrypted() || std::exchange(is_leaving_, true))
    return close();
  error_code ignored; // it is about to be closed anyway
  stream_.end_output(ignored);
  deadline_ = clock::now() + leave_patience;
}

/// A loop instead of a recursion: one buffer may hold hundreds of requests that are all answered immediately.
void session::process() {
  while (phase_ == phase::reading) {
    std::size_t used = 0;
    const auto bytes = input_.data();
    const progress step = reader_.advance({static_cast<const char*>(bytes.data()), bytes.size()}, used);
    input_.consume(used);
    switch (step) {
    case progress::idle:
    case progress::head:
    case progress::body:
      await_bytes(step);
      return;
    case progress::routable:
      on_head();
      break;
    case progress::complete:
      on_request();
      break;
    case progress::refused:
      refuse(reader_.why());
      break;
    }
  }
}

void session::await_bytes(progress step) {
  if (step == progress::idle && shared_.retiring)
    return close();
  if (step != step_) {
    step_ = step;
    const http_settings& limits = shared_.settings;
    const auto patience = step == progress::idle   ? limits.idle_timeout
                          : step == progress::head ? limits.header_timeout
                                                   : limits.body_timeout;
    idle_since_ = clock::now();
    deadline_ =
        idle_since_ + (spare ? std::min<std::chrono::milliseconds>(patience, spare_patience) : patience);
  }
  read_pending_ = true;
  stream_.async_read_some(
      input_.prepare(boost::beast::read_size(input_, input_.max_size())),
      [self = shared_from_this()](error_code ec, std::size_t size) { self->on_read(ec, size); });
}

void session::on_read(error_code ec, std::size_t size) {
  read_pending_ = false;
  if (phase_ != phase::reading)
    return; // A time-out was first.
  if (ec || is_leaving_)
    return close();
  last_read_ = clock::now();
  if (step_ == progress::idle)
    received_ = last_read_;
  input_.commit(size);
  process();
}

void session::begin_exchange() {
  shared_.exchange_begins();
  exchange_open_ = true;
  incoming_request& asked = reader_.incoming();
  if (asked.seen.request_id.empty())
    asked.seen.request_id = worker_.ids.next();
  request_id_ = asked.seen.request_id;
  method_ = asked.seen.method;
}

void session::on_head() {
  begin_exchange();
  const incoming_request& asked = reader_.incoming();
  plan_ = plan_request(asked, *shared_.routes, shared_.cors);
  last_ = last_ || spare;
  auto refusal = spare || client_.is_checked() ? client_.refuse(asked, plan_.target, spare) : std::nullopt;
  served = spare && !refusal;
  if (refusal) {
    if (asked.has_body) { // It is not worth waiting for.
      last_ = true;
      return answer(std::move(*refusal));
    }
    plan_.answer = std::move(refusal);
  }
  if (!asked.has_body || asked.http_1_0 || asked.expect.empty())
    return;
  if (plan_.answer) {
    // The client withholds its body, and may or may not send it after this answer: only closing is
    // unambiguous.
    last_ = true;
    answer(*std::exchange(plan_.answer, std::nullopt));
  } else if (input_.size() == 0) {
    send_continue();
  }
}

void session::send_continue() {
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  if (stream_.is_encrypted()) // If it fails, so does the read of the body.
    return stream_.async_write(asio::buffer(go_on.data(), go_on.size()), [](error_code, std::size_t) {});
  error_code ec;
  // All earlier answers have been written, so this fits the socket's buffer unless the client is stuck.
  if (stream_.write_some(asio::buffer(go_on.data(), go_on.size()), ec) != go_on.size())
    close();
}

void session::on_request() {
  if (plan_.answer)
    return answer(*std::exchange(plan_.answer, std::nullopt));
  phase_ = phase::handling;
  request& asked = reader_.incoming().seen;
  asked.path_parameters = std::move(plan_.parameters);
  asked.received = last_read_;
  asked.from_here = client_.is_here(reader_.incoming());
  asked.by_proxy = client_.is_proxy();
  const auto slot = std::make_shared<answer_slot>(worker_.way_in(), weak_from_this());
  const auto failed = [&](std::string_view why) {
    shared_.report_failure(plan_.pattern, why, request_id_);
    slot->answer(json_error(500, "the request could not be handled"));
  };
  try {
    plan_.target->handle(std::move(asked), [slot](response given) { slot->answer(std::move(given)); });
  } catch (const std::exception& thrown) {
    failed(thrown.what());
  } catch (...) {
    failed("unknown exception");
  }
  if (auto given = slot->take_or_wait())
    answer(*std::move(given));
}

void session::deliver(response answered) {
  if (phase_ != phase::handling)
    return; // The server is stopping.
  answer(std::move(answered));
  process();
}

void session::refuse(const refusal& why) {
  if (!exchange_open_)
    begin_exchange();
  last_ = true;
  if (read_pending_)
    stream_.cancel();
  answer(json_error(why.status, why.message));
}

void session::hand_over() {
  phase_ = phase::ended;
  const auto rest = std::make_shared<send_only_connection>(std::move(stream_), worker_, shared_);
  worker_.replace(*this, rest);
  rest->start(method_ == "HEAD" ? nullptr : std::move(outgoing_.events));
}

void session::close() {
  if (phase_ == phase::ended)
    return;
  if (phase_ == phase::writing && exchange_open_)
    end_exchange("shutdown"); // no other reason comes here with an answer that waits
  phase_ = phase::ended;
  stream_.close();
  if (std::exchange(exchange_open_, false))
    shared_.exchange_ends();
  worker_.forget(*this);
}

} // namespace winnow::http
