#pragma once

#include "http/connection/answer_slot.hpp"
#include "http/connection/request_id.hpp"
#include "http/connection/session.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace winnow::http {

/// One I/O thread with the connections that live on it.
class io_worker {
public:
  explicit io_worker(server_state& shared);
  ~io_worker(); ///< stop().

  /// Starts the thread.
  void start();

  /// Closes all connections and joins the thread; from any other thread. Idempotent.
  void stop();

  /// For responders, and whoever else is on another thread.
  const std::shared_ptr<gate>& way_in() const noexcept { return way_in_; }

  boost::asio::io_context& context() noexcept { return context_; }

  // The rest is for this worker's own thread.

  /// Takes a connection that is open.
  void admit(stream_socket socket);

  /// A session says that it closed.
  void forget(session& closed);

  /// Closes the connections that are between two requests.
  void retire();

  request_id_source ids;

private:
  template<class Action>
  void for_each_session(Action action);
  void sweep();

  server_state& shared_;
  std::vector<std::shared_ptr<session>>
      sessions_; ///< Before the context, whose destruction may end sessions.
  boost::asio::io_context context_;
  boost::asio::steady_timer timer_;
  bool sweeping_ = false;
  std::shared_ptr<gate> way_in_;
  std::thread thread_;
};

} // namespace winnow::http
