#pragma once

#include "actors/status/activity_history.hpp"
#include "config/log/event_ring.hpp"
#include "http/event_stream.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// What those who watch the daemon live are sent, each over a stream of its own:
/// - `snapshot`, first: `{"status":…,"history":…,"events":[…]}`, with all that is kept of the history, and
/// the
///   events that the client does not have yet;
/// - `sample`, about once a second: `{"status":…,"history":…}`, with the history since the last one;
/// - `event`, as they happen: see events_json.hpp. Their ids, and the snapshot's, come back when a client
///   connects anew, so that it misses none.
/// Used by one thread.
class live_feed {
public:
  static constexpr std::size_t most_listeners = 32; ///< So that other requests always find a connection.
  static constexpr std::chrono::milliseconds event_interval{100};
  static constexpr std::chrono::milliseconds sample_interval{1000};

  live_feed(std::shared_ptr<const activity_history> history, const event_ring& ring);

  /// Ends all streams.
  ~live_feed();
  live_feed(const live_feed&) = delete;
  live_feed& operator=(const live_feed&) = delete;

  /// The answer to one more client: a stream that begins with the snapshot, or a refusal.
  /// @param status The body of GET /status, as below.
  http::response join(const http::request& asked, std::string_view status);

  /// Sends what happened since.
  void send_events();

  void send_sample(std::string_view status);

  bool has_listeners();

private:
  void send(const std::string& text);

  std::shared_ptr<const activity_history> history_;
  const event_ring& ring_;
  std::vector<std::shared_ptr<http::event_stream>> listeners_;
  std::uint64_t told_ = 0;                        ///< The last event that was sent.
  std::chrono::system_clock::time_point sampled_; ///< The last row of the history that was sent.
};

} // namespace winnow
