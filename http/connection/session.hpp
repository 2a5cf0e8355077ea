#pragma once

#include "http/connection/answer_progress.hpp"
#include "http/connection/client_stream.hpp"
#include "http/connection/connection.hpp"
#include "http/connection/request_client.hpp"
#include "http/connection/request_plan.hpp"
#include "http/connection/request_reader.hpp"
#include "http/connection/server_state.hpp"

#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace winnow::http {

class io_worker;

/// A connection that takes requests: reads one, passes it to its handler, writes the answer, and only then
/// looks at the next one, which may already be in the buffer. After the last answer, the socket moves on to a
/// `send_only_connection`. Everything runs on the worker's thread, so nothing is locked.
///
/// Time-outs are deadlines that the worker checks at intervals: a timer per read would cost more than the
/// read.
class session : public connection, public std::enable_shared_from_this<session> {
public:
  session(client_stream stream, io_worker& worker, server_state& shared);

  /// Begins to read. If the connection is `spare`, it gets one answer, which is a 503 unless the route is
  /// always answered.
  void start();

  void retire() override;
  void close() override;
  void expire(clock::time_point now) override;
  std::optional<clock::time_point> idle_since() const override;
  std::optional<clock::time_point> still_since() const override;
  void give_up_answer() override { cut("memory"); }

  /// Takes the answer to the request that its handler has not answered at once.
  void deliver(response answered);

private:
  using error_code = boost::system::error_code;
  enum class phase { handshaking, reading, handling, writing, ended };

  void on_handshake(error_code ec);
  void process();
  void await_bytes(request_reader::progress step);
  void leave();
  void on_read(error_code ec, std::size_t size);

  void on_head();
  void on_request();
  void refuse(const refusal& why);
  void begin_exchange();
  void send_continue();

  void answer(response answered);
  void write_rest(std::size_t written);
  void follow_answer(clock::time_point now);
  void on_written(error_code ec);
  void end_exchange(std::string_view why_cut);
  void cut(std::string_view why);
  void report(std::string_view why_cut);
  void hand_over();

  client_stream stream_;
  io_worker& worker_;
  server_state& shared_;
  request_client client_;

  phase phase_ = phase::reading;
  clock::time_point deadline_;
  clock::time_point idle_since_;

  boost::beast::flat_buffer input_;
  request_reader reader_;
  request_reader::progress step_ = request_reader::progress::complete; ///< What the pending read is for.
  bool read_pending_ = false;
  bool is_leaving_ = false; ///< Whether the client was told that the connection ends.

  request_plan plan_;
  std::string method_;
  std::string request_id_;
  clock::time_point received_;  ///< The first byte of the request.
  clock::time_point last_read_; ///< The last bytes.
  bool exchange_open_ = false;
  bool last_ = false; ///< Whether this is the connection's last answer.

  response outgoing_;
  std::string head_;
  std::string_view body_;                   ///< The part of `outgoing_.body` that is sent: nothing for HEAD.
  std::size_t written_ = 0;                 ///< How many of the bytes of both the kernel has.
  std::size_t unsent_ = 0;                  ///< What this answer adds to `server_state::unsent_bytes`.
  std::optional<answer_progress> progress_; ///< Set while the answer waits for the client.
};

} // namespace winnow::http
