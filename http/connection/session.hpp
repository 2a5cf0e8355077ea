#pragma once

#include "http/connection/request_plan.hpp"
#include "http/connection/request_reader.hpp"
#include "http/connection/server_state.hpp"
#include "http/connection/stream_socket.hpp"

#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace winnow::http {

class io_worker;

/// One connection: reads a request, has it answered, writes the answer, and only then looks at the next one,
/// which may wait in the buffer already. All of it runs on the worker's thread, so nothing here is locked.
/// Time-outs are deadlines that the worker looks at now and then: a timer per read would cost more than the
/// read.
class session : public std::enable_shared_from_this<session> {
public:
  using clock = std::chrono::steady_clock;

  session(stream_socket socket, io_worker& worker, server_state& shared);

  void start();     ///< Begins to read.
  void turn_away(); ///< Answers 503 at once: the connection is one too many.
  void retire();    ///< Closes the connection if it is between two requests; ends a stream of events.
  void close();     ///< Ends it at once.

  /// Acts on a deadline that passed.
  void expire(clock::time_point now);

  /// The answer to the request that is with its handler.
  void deliver(response answered);

  /// There are events to send, or they ended.
  void on_events();

  std::size_t place = 0; ///< Where the worker keeps it.

private:
  using error_code = boost::system::error_code;
  enum class phase { reading, handling, writing, streaming, lingering, closed };

  void process();
  void await_bytes(request_reader::progress step);
  void on_read(error_code ec, std::size_t size);

  void on_head();
  void on_request();
  void refuse(const refusal& why);
  void begin_exchange();
  void send_continue();

  void answer(response answered);
  void write_rest(std::size_t written);
  void on_written(error_code ec);
  void report() const;
  void linger();
  void discard_input();

  void begin_events();
  void send_events();
  void write_events();
  void send_heartbeat();

  stream_socket socket_;
  io_worker& worker_;
  server_state& shared_;
  const std::string client_;

  phase phase_ = phase::reading;
  clock::time_point deadline_;

  boost::beast::flat_buffer input_;
  request_reader reader_;
  request_reader::progress step_ = request_reader::progress::complete; ///< What the pending read is for.
  bool read_pending_ = false;

  request_plan plan_;
  std::string method_;
  std::string request_id_;
  clock::time_point received_;
  bool exchange_open_ = false;
  bool last_ = false; ///< The connection ends with this answer.

  response outgoing_;
  std::string head_;
  std::string_view body_; ///< What is sent of `outgoing_.body`.

  std::shared_ptr<event_stream> events_; ///< While it streams.
  bool sending_ = false;                 ///< Some of them are being written.
  bool discarding_ = false;              ///< A read is under way whose bytes nobody wants.
};

} // namespace winnow::http
