#include "http/access/bearer.hpp"
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
  written_ = stream_.write_some(whole, ec);
  if (ec && ec != asio::error::would_block && ec != asio::error::try_again)
    on_written(ec);
  else if (written_ == head_.size() + body_.size())
    on_written({});
  else
    write_rest(written_);
}

void session::write_rest(std::size_t written) {
  progress_.emplace(shared_.settings.body_timeout, clock::now());
  deadline_ = progress_->deadline();
  unsent_ = head_.size() + outgoing_.body.capacity();
  shared_.unsent_bytes += unsent_;
  worker_.bound_unsent(*this);
  const std::size_t of_head = std::min(written, head_.size());
  const std::size_t of_body = written - of_head;
  const std::array<asio::const_buffer, 2> rest{asio::buffer(head_) + of_head,
                                               asio::buffer(body_.data(), body_.size()) + of_body};
  stream_.async_write(
      rest, [this, written](std::size_t so_far) { written_ = written + so_far; },
      [self = shared_from_this(), written](error_code ec, std::size_t all) {
        if (self->phase_ != phase::writing)
          return; // It was cut.
        self->written_ = written + all;
        self->on_written(ec);
        self->process();
      });
}

/// Called at intervals while the answer waits. What the kernel has is no measure: its buffer may hold
/// megabytes, and takes more only once a third of them is gone.
void session::follow_answer(clock::time_point now) {
  progress_->note(static_cast<std::int64_t>(written_) - static_cast<std::int64_t>(stream_.unacknowledged()),
                  now);
  deadline_ = progress_->deadline();
}

void session::on_written(error_code ec) {
  end_exchange(ec ? "disconnected" : "");
  if (ec)
    return close();
  if (last_)
    return hand_over();
  body_ = {};
  std::string().swap(outgoing_.body); // an idle connection keeps no answer
  reader_.reset();
  plan_ = {};
  step_ = request_reader::progress::complete;
  phase_ = phase::reading;
  received_ = last_read_ = clock::now(); // Applies if the next request is in the buffer already.
}

void session::cut(std::string_view why) {
  end_exchange(why);
  close();
}

/// @param why_cut Empty: the answer was sent.
void session::end_exchange(std::string_view why_cut) {
  if (progress_)
    shared_.unsent_bytes -= unsent_;
  progress_.reset();
  report(why_cut);
  client_.leave();
  exchange_open_ = false;
  shared_.exchange_ends();
}

void session::report(std::string_view why_cut) {
  const auto follower = std::exchange(outgoing_.follower, nullptr); // not kept by an idle connection
  if (!shared_.is_watched() && !follower)
    return;
  const auto masked = without_access_token(reader_.incoming().target);
  exchange done;
  done.route = plan_.pattern;
  done.method = method_;
  done.target = masked ? std::string_view(*masked) : reader_.incoming().target;
  done.status = outgoing_.status;
  done.duration = clock::now() - received_;
  done.bytes = written_;
  done.cut = why_cut;
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
