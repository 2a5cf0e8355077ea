#pragma once

#include "actors/status/activity_history.hpp"
#include "config/log/event_ring.hpp"
#include "http/event_stream.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Pushes live updates to clients, each over its own event stream:
/// - `snapshot`, first: `{"status":…,"history":…,"events":[…]}`, with the whole history and the events that
///   are new to the client;
/// - `sample`, about once a second: `{"status":…,"history":…}`, with the history since the last sample;
/// - `event`, for each event as it happens, see events_json.hpp.
/// A client that reconnects sends back the id of its last `event` or `snapshot`, so it misses no event.
/// Not thread-safe.
class live_feed {
public:
  /// Below the endpoint's number of connections, so that other requests always find one.
  static constexpr std::size_t max_listeners = 32;
  static constexpr std::chrono::milliseconds event_interval{100};
  static constexpr std::chrono::milliseconds sample_interval{1000};

  live_feed(std::shared_ptr<const activity_history> history, const event_ring& ring);

  /// Ends all streams.
  ~live_feed();
  live_feed(const live_feed&) = delete;
  live_feed& operator=(const live_feed&) = delete;

  /// Adds a client. Returns a stream that begins with the snapshot, or a refusal beyond `max_listeners`.
  /// @param status The body of GET /status.
  http::response join(const http::request& request, std::string_view status);

  /// Sends the events since the last call.
  void send_events();

  /// @param status The body of GET /status.
  void send_sample(std::string_view status);

  bool has_listeners();

private:
  void send(const std::string& text);

  std::shared_ptr<const activity_history> history_;
  const event_ring& ring_;
  std::vector<std::shared_ptr<http::event_stream>> listeners_;
  std::uint64_t last_sent_ = 0;                   ///< The id of the last event that was sent.
  std::chrono::system_clock::time_point sampled_; ///< Time of the last history row that was sent.
};

} // namespace winnow
