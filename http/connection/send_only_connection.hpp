#pragma once

#include "http/connection/client_stream.hpp"
#include "http/connection/connection.hpp"
#include "http/connection/server_state.hpp"
#include "http/event_stream.hpp"

#include <array>
#include <memory>
#include <string>

namespace winnow::http {

class io_worker;

/// A connection whose last answer is out: takes over the socket from its session, sends the events that
/// follow the answer, if any, and then lingers until the client closes. Input is discarded.
class send_only_connection : public connection, public std::enable_shared_from_this<send_only_connection> {
public:
  send_only_connection(client_stream stream, io_worker& worker, const server_state& shared);

  /// Begins to send `events`; null: lingers at once. Called once.
  void start(std::shared_ptr<event_stream> events);

  void retire() override;
  void close() override;
  void expire(clock::time_point now) override;
  std::optional<clock::time_point> idle_since() const override;

private:
  using error_code = boost::system::error_code;
  enum class phase { streaming, lingering, closed };

  void on_events();
  void send_events();
  void send_heartbeat();
  void write();
  void linger();
  void discard_input();

  client_stream stream_;
  io_worker& worker_;
  const server_state& shared_;

  phase phase_ = phase::streaming;
  clock::time_point deadline_;

  std::shared_ptr<event_stream> events_; ///< Set while streaming.
  std::string outgoing_;                 ///< Bytes that are being written.
  bool writing_ = false;
  std::array<char, 2048> discarded_; ///< Input, overwritten by each read.
};

} // namespace winnow::http
