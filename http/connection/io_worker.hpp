#pragma once

#include "http/connection/answer_slot.hpp"
#include "http/connection/connection.hpp"
#include "http/connection/http_date.hpp"
#include "http/connection/request_id.hpp"
#include "http/connection/server_state.hpp"
#include "http/connection/stream_socket.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace winnow::http {

/// One I/O thread and its connections.
class io_worker {
public:
  explicit io_worker(server_state& shared);
  ~io_worker(); ///< Calls stop().

  /// Starts the thread.
  void start();

  /// Closes all connections and joins the thread. Called from any other thread. Idempotent.
  void stop();

  /// Posts tasks to this worker from other threads, e.g. for responders.
  const std::shared_ptr<gate>& way_in() const noexcept { return way_in_; }

  boost::asio::io_context& context() noexcept { return context_; }

  // ---- called on this worker's own thread ----

  /// Takes over an open connection.
  void admit(stream_socket socket);

  /// Called by a connection that has closed.
  void forget(connection& closed);

  /// Called by a connection whose socket has moved to another one.
  void replace(connection& old, std::shared_ptr<connection> successor);

  /// Called by a connection whose answer waits for its client. If the waiting answers take too much memory,
  /// gives up others on this thread, first the one that has stood still for longest.
  void bound_unsent(const connection& newest);

  /// Closes idle connections and ends streams of events, see `connection::retire`.
  void retire();

  request_id_source ids;
  http_date date;

private:
  template<class Action>
  void for_each_connection(Action action);
  void sweep();
  template<class Since>
  std::shared_ptr<connection> longest_waiting(Since since) const;
  bool give_up_stillest(const connection& newest);
  bool close_idle(bool spare, connection::clock::duration least);
  client_places::place place_for(const stream_socket& socket, bool& refused);

  server_state& shared_;
  /// Declared before the context, whose destruction may destroy connections.
  std::vector<std::shared_ptr<connection>> connections_;
  boost::asio::io_context context_;
  boost::asio::steady_timer timer_;
  bool sweeping_ = false;
  std::shared_ptr<gate> way_in_;
  std::thread thread_;
};

} // namespace winnow::http
