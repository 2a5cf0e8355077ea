#include "http/event_stream.hpp"

#include <algorithm>

namespace winnow::http {

bool event_stream::send(std::string_view event) {
  const std::lock_guard lock(mutex_);
  if (condition_ != condition::open || detached_)
    return false;
  if (waiting_.size() + event.size() > limits_.waiting_bytes) {
    condition_ = condition::overrun;
    waiting_ = {};
    awake_ = awake_ && !wake_; // Also wakes a reader that is busy writing.
  } else {
    waiting_ += event;
  }
  wake_reader();
  return condition_ == condition::open;
}

void event_stream::end() {
  const std::lock_guard lock(mutex_);
  if (condition_ == condition::open)
    condition_ = condition::ended;
  wake_reader();
}

bool event_stream::is_open() const {
  const std::lock_guard lock(mutex_);
  return condition_ == condition::open && !detached_;
}

void event_stream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void event_stream::detach() {
  const std::lock_guard lock(mutex_);
  detached_ = true;
  waiting_ = {};
  wake_ = nullptr;
}

event_stream::condition event_stream::take(std::string& into) {
  const std::lock_guard lock(mutex_);
  into.clear();
  into.swap(waiting_);
  awake_ = false;
  return condition_;
}

bool event_stream::has_overrun() const {
  const std::lock_guard lock(mutex_);
  return condition_ == condition::overrun;
}

void event_stream::wake_reader() {
  if (awake_ || !wake_)
    return;
  awake_ = true;
  wake_();
}

response stream_response(const std::shared_ptr<event_stream>& events) {
  response answer;
  answer.content_type = "text/event-stream";
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.headers.emplace_back("X-Accel-Buffering", "no"); // Keeps nginx from buffering events.
  // Detaches when the answer is destroyed, even if it never reached a connection: the sender must notice.
  answer.events =
      std::shared_ptr<event_stream>(events.get(), [events](event_stream* stream) { stream->detach(); });
  return answer;
}

std::string event_text(std::string_view name, std::string_view data, std::string_view id) {
  std::string text;
  text.reserve(data.size() + name.size() + id.size() + 32);
  text.append("event: ").append(name).append("\n");
  if (!id.empty())
    text.append("id: ").append(id).append("\n");
  for (std::size_t from = 0; from <= data.size();) {
    const auto end = std::min(data.find('\n', from), data.size());
    text.append("data: ").append(data.substr(from, end - from)).append("\n");
    from = end + 1;
  }
  return text += "\n";
}

} // namespace winnow::http
