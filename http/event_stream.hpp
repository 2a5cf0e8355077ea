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

/// How much a stream buffers, and how often it sends a heartbeat.
struct stream_limits {
  std::size_t waiting_bytes = 1u << 20;        ///< A client that falls further behind is dropped.
  std::chrono::milliseconds heartbeat{15'000}; ///< A comment is sent after this long without events.
};

/// A stream of server-sent events (`text/event-stream`) to one client. The handler of a request creates a
/// stream, answers with `stream_response`, and sends events from then on. Thread-safe; no member waits for
/// the client.
class event_stream {
public:
  explicit event_stream(stream_limits limits = {}) : limits_(limits) {}

  /// Queues an event, which is sent unchanged, see `event_text`. Returns false once the stream is over: it
  /// was ended, the client left or was too slow.
  bool send(std::string_view event);

  /// Ends the stream after the events that are queued.
  void end();

  /// Whether `send` still reaches a client.
  bool is_open() const;

  const stream_limits& limits() const noexcept { return limits_; }

  // ---- for the connection that sends the events ----

  /// From now on calls `wake` when there is something to take: once until the next `take`, and once more on
  /// an overrun. Called on the sender's thread with a lock held: it must not block, throw or use the stream.
  void attach(std::function<void()> wake);

  /// The client is gone: drops what is queued.
  void detach();

  enum class condition {
    open,
    ended,   ///< Nothing follows what was taken.
    overrun, ///< The queue was full, and was dropped.
  };

  /// Replaces the contents of `into` by everything that is queued.
  condition take(std::string& into);

  bool has_overrun() const;

private:
  void wake_reader(); ///< Called with the lock held.

  const stream_limits limits_;
  mutable std::mutex mutex_;
  std::string waiting_;
  condition condition_ = condition::open;
  bool detached_ = false;
  bool awake_ = true; ///< The reader will take without a wake: it has been woken, or has not taken yet.
  std::function<void()> wake_;
};

/// The answer that begins a stream; events that are queued already follow at once. A HEAD gets the headers
/// only.
response stream_response(const std::shared_ptr<event_stream>& events);

/// Formats an event for `event_stream::send`. `data` may have several lines.
/// @param id Sent back as `Last-Event-ID` when the client reconnects; empty: the previous id stays valid.
std::string event_text(std::string_view name, std::string_view data, std::string_view id = {});

} // namespace winnow::http
