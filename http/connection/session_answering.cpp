#include "http/connection/io_worker.hpp"
#include "http/connection/response_head.hpp"
#include "http/connection/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

// How a session writes an answer and reports it.

namespace winnow::http {

namespace asio = boost::asio;

void session::answer(response answered) {
  outgoing_ = std::move(answered);
  last_ = last_ || !reader_.keeps_alive() || shared_.retiring || outgoing_.events;
  const incoming_request& asked = reader_.incoming();
  if (!may_have_body(outgoing_.status))
    outgoing_.body.clear();
  write_head(outgoing_,
             {shared_.cors, worker_.date.now(), request_id_, asked.origin,
              asked.preflight_method.empty() ? method_ : asked.preflight_method, asked.http_1_0, !last_,
              shared_.keep_alive_line},
             head_);
  body_ = method_ == "HEAD" ? std::string_view() : std::string_view(outgoing_.body);

  phase_ = phase::writing;
  error_code ec;
  const std::array<asio::const_buffer, 2> whole{asio::buffer(head_),
                                                asio::buffer(body_.data(), body_.size())};
  // Nearly every answer fits the socket's buffer, so that this one call suffices.
  const std::size_t written = stream_.write_some(whole, ec);
  if (ec && ec != asio::error::would_block && ec != asio::error::try_again)
    on_written(ec);
  else if (written == head_.size() + body_.size())
    on_written({});
  else
    write_rest(written);
}

void session::write_rest(std::size_t written) {
  deadline_ = clock::now() + shared_.settings.body_timeout;
  const std::size_t of_head = std::min(written, head_.size());
  const std::size_t of_body = written - of_head;
  const std::array<asio::const_buffer, 2> rest{asio::buffer(head_) + of_head,
                                               asio::buffer(body_.data(), body_.size()) + of_body};
  stream_.async_write(rest, [self = shared_from_this()](error_code ec, std::size_t /*size*/) {
    if (self->phase_ != phase::writing)
      return; // A time-out was first.
    self->on_written(ec);
    self->process();
  });
}

void session::on_written(error_code ec) {
  report();
  client_.leave();
  exchange_open_ = false;
  shared_.exchange_ends();
  if (ec)
    return close();
  if (last_)
    return hand_over();
  reader_.reset();
  plan_ = {};
  step_ = request_reader::progress::complete;
  phase_ = phase::reading;
  received_ = last_read_ = clock::now(); // Applies if the next request is in the buffer already.
}

void session::report() {
  const auto follower = std::exchange(outgoing_.follower, nullptr); // not kept by an idle connection
  if (!shared_.is_watched() && !follower)
    return;
  exchange done;
  done.route = plan_.pattern;
  done.method = method_;
  done.target = reader_.incoming().target;
  done.status = outgoing_.status;
  done.duration = clock::now() - received_;
  done.bytes = head_.size() + body_.size();
  done.context = outgoing_.context;
  done.request_id = request_id_;
  done.client = client_.name();
  done.token = client_.token();
  if (follower)
    done.trace = follower->trace();
  shared_.report(done);
  if (follower)
    follower->answered(done);
}

} // namespace winnow::http
