#include "actors/admin/live_feed.hpp"

#include "actors/admin/events_json.hpp"
#include "actors/admin/status_json.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Fits a snapshot with hundreds of workers and events with long texts, plus a few samples.
constexpr std::size_t waiting_bytes = std::size_t{8} << 20;

std::string body_of(std::string_view status, const std::string& history) {
  return R"({"status":)" + std::string(status) + R"(,"history":)" + history;
}

} // namespace

live_feed::live_feed(std::shared_ptr<const activity_history> history, const event_ring& ring)
    : history_(std::move(history)), ring_(ring) {}

live_feed::~live_feed() {
  send_events(); // they tell clients why the stream ends
  for (const auto& listener : listeners_)
    listener->end();
}

bool live_feed::has_listeners() {
  const auto gone = std::remove_if(listeners_.begin(), listeners_.end(),
                                   [](const auto& listener) { return !listener->is_open(); });
  listeners_.erase(gone, listeners_.end());
  return !listeners_.empty();
}

http::response live_feed::join(const http::request& request, std::string_view status) {
  if (has_listeners() && listeners_.size() >= max_listeners)
    return http::error_response({fault::overloaded, "too many clients are listening"});
  send_events(); // from now on, all clients have the same events
  const auto known = event_position(ring_, request.last_event_id);
  auto events = ring_.since(known);
  while (!events.empty() && events.back().id > last_sent_)
    events.pop_back(); // added meanwhile; the next send_events() sends it
  const auto history = history_->since({});
  if (listeners_.empty() && !history.rows.empty())
    sampled_ = history.rows.back().time;
  const auto listener = std::make_shared<http::event_stream>(http::stream_limits{waiting_bytes});
  listener->send(http::event_text(
      "snapshot", body_of(status, history_json(history)) + R"(,"events":)" + events_json(events) + "}",
      position_text(ring_, last_sent_)));
  listeners_.push_back(listener);
  return http::stream_response(listener);
}

void live_feed::send_events() {
  if (last_sent_ == ring_.last_id())
    return;
  std::string text;
  for (const auto& one : ring_.since(last_sent_)) {
    text += http::event_text("event", event_json(one), position_text(ring_, one.id));
    last_sent_ = one.id;
  }
  send(text);
}

void live_feed::send_sample(std::string_view status) {
  const auto fresh = history_->since(sampled_);
  if (!fresh.rows.empty())
    sampled_ = fresh.rows.back().time;
  send(http::event_text("sample", body_of(status, history_json(fresh)) + "}"));
}

void live_feed::send(const std::string& text) {
  for (const auto& listener : listeners_)
    listener->send(text);
}

} // namespace winnow
