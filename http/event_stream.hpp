#pragma once

#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace winnow::http {

/// What a stream holds back and how often it shows that it lives.
struct stream_limits {
  std::size_t waiting_bytes = 1u << 20;        ///< A client for whom more waits is too slow: it is dropped.
  std::chrono::milliseconds heartbeat{15'000}; ///< A comment is sent where nothing else was for so long.
};

/// Events on their way to one client that listens (`text/event-stream`). Whoever answers the request makes
/// one, answers with `stream_response`, and sends from then on. Thread-safe; nothing here waits for the
/// client.
class event_stream {
public:
  explicit event_stream(stream_limits limits = {}) : limits_(limits) {}

  /// Sends an event as it stands, see `event_text`. False: nobody listens any more, for good.
  bool send(std::string_view event);

  /// The client gets what waits, and then the end.
  void end();

  bool is_open() const;

  const stream_limits& limits() const noexcept { return limits_; }

  // ---- for the connection that sends the events ----

  /// From now on calls `wake` when there is something to take: once until the next `take`, and once more on
  /// an overrun. Called on the sender's thread with a lock held: it must not block, throw or use the stream.
  void attach(std::function<void()> wake);

  /// Nobody listens any more.
  void detach();

  enum class condition {
    open,
    ended,   ///< Nothing will follow what was taken.
    overrun, ///< Too much waited.
  };

  /// Moves all that waits over `into`.
  condition take(std::string& into);

  bool has_overrun() const;

private:
  void wake_reader(); ///< With the lock held.

  const stream_limits limits_;
  mutable std::mutex mutex_;
  std::string waiting_;
  condition condition_ = condition::open;
  bool detached_ = false;
  bool awake_ = true; ///< The reader takes by itself: it was woken, or has not taken anything yet.
  std::function<void()> wake_;
};

/// The answer that begins a stream: what was sent already goes out with it. A HEAD gets its headers alone.
response stream_response(const std::shared_ptr<event_stream>& events);

/// An event in the form that is sent. `data` may have several lines.
/// @param id Comes back as `Last-Event-ID` when the client connects anew; empty: keeps the one before.
std::string event_text(std::string_view name, std::string_view data, std::string_view id = {});

} // namespace winnow::http
