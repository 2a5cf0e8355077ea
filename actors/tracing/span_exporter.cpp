#include "actors/tracing/span_exporter.hpp"

#include "config/log/flood_limit.hpp"
#include "config/log/log.hpp"
#include "config/system/thread_priority.hpp"
#include "config/text/json_text.hpp"
#include "http/client/http_post.hpp"
#include "redis/backoff.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using clock = std::chrono::steady_clock;

constexpr int niceness = 10;

// How much longer than `limit` `stop` waits for the thread: it looks whether to give up at intervals.
constexpr std::chrono::milliseconds stop_grace{200};

void log_failure(const flood_limit::report& some) {
  log_event(log_level::warning, "traces", some.cause,
            {{"times", some.count}, {"collector", some.subject}, {"reason", some.reason}});
}

bool is_temporary(unsigned status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

// How long a report of failures that is due may wait for the next attempt.
constexpr std::chrono::seconds longest_silence{1};

// A longer pause than this is not worth keeping a batch for, whatever `Retry-After` says.
constexpr std::chrono::minutes longest_told{5};

/// The seconds of a `Retry-After`; nullopt if it is missing or a date.
std::optional<std::chrono::milliseconds> retry_after(const std::string& text) {
  unsigned seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return std::chrono::seconds(seconds);
}

/// How many spans of a request that succeeded the collector refused, and why.
struct partial_success {
  std::size_t rejected = 0;
  std::string message;
};

partial_success partial_success_in(const std::string& body) {
  partial_success found;
  const auto answer = parse_json(body);
  const auto part = answer.is_object() ? answer.value("partialSuccess", nlohmann::json()) : nlohmann::json();
  if (!part.is_object())
    return found;
  if (const auto count = part.find("rejectedSpans"); count != part.end()) {
    // A 64-bit number, which is a string in the protocol's JSON; some senders write a number.
    if (count->is_number_unsigned())
      found.rejected = count->get<std::size_t>();
    else if (const auto* text = count->get_ptr<const std::string*>())
      std::from_chars(text->data(), text->data() + text->size(), found.rejected);
  }
  if (const auto text = part.find("errorMessage"); text != part.end() && text->is_string())
    found.message = text->get<std::string>();
  return found;
}

} // namespace

class span_exporter::core {
public:
  core(export_settings how, export_counts counts) : how_(std::move(how)), counts_(std::move(counts)) {}

  void add(ended_trace trace) {
    const std::lock_guard lock(mutex_);
    if (stop_at_ || queue_.size() >= how_.queue)
      return counts_.dropped(1);
    queue_.push_back(std::move(trace));
    if (queue_.size() == how_.batch)
      news_.notify_all();
  }

  void run() {
    lower_thread_priority(niceness, "exporting traces");
    while (const auto batch = take()) {
      if (!batch->empty())
        send(*batch);
      failures_.report_due();
    }
    const std::lock_guard lock(mutex_);
    finished_ = true;
    news_.notify_all();
  }

  /// Returns whether the thread has ended.
  bool stop(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    if (!stop_at_)
      stop_at_ = clock::now() + limit;
    hurry_ = true;
    news_.notify_all();
    return news_.wait_until(lock, *stop_at_ + stop_grace, [this] { return finished_; });
  }

private:
  /// Waits for traces, at most for an interval, so that its caller can report failures in between. Returns
  /// nullopt if there are none and the thread is to end.
  std::optional<std::vector<ended_trace>> take() {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, how_.interval, [this] { return stop_at_ || queue_.size() >= how_.batch; });
    if (queue_.empty() && stop_at_)
      return std::nullopt;
    std::vector<ended_trace> batch;
    const auto size = static_cast<std::ptrdiff_t>(std::min(queue_.size(), how_.batch));
    std::move(queue_.begin(), queue_.begin() + size, std::back_inserter(batch));
    queue_.erase(queue_.begin(), queue_.begin() + size);
    return batch;
  }

  void send(const std::vector<ended_trace>& batch) {
    std::size_t spans = 0;
    http::outgoing_post request;
    request.to = how_.collector;
    request.body = otlp_request(how_.origin, batch, spans);
    request.headers = how_.headers;
    request.give_up = [this] { return hurry_ && is_over(); };
    backoff pauses(how_.first_pause, how_.longest_pause);
    for (std::size_t attempt = 1;; ++attempt) {
      if (is_over())
        return counts_.failed(spans);
      request.limit = time_out();
      const auto reply = http::post(request);
      const bool taken = reply && reply->status / 100 == 2;
      if (taken)
        return note_success(spans, reply->body);
      note_failure(reply);
      pauses.failed();
      const auto said = reply ? retry_after(reply->retry_after) : std::nullopt;
      if ((reply && !is_temporary(reply->status)) || attempt == how_.attempts ||
          !rest(said ? std::min<std::chrono::milliseconds>(*said, longest_told) : pauses.remaining()))
        return counts_.failed(spans);
    }
  }

  void note_success(std::size_t spans, const std::string& body) {
    const auto partial = partial_success_in(body);
    const auto rejected = std::min(partial.rejected, spans);
    counts_.exported(spans - rejected);
    if (rejected > 0)
      counts_.failed(rejected);
    if (rejected > 0 || !partial.message.empty())
      failures_.note("the collector refused spans", host_header(how_.collector), partial.message);
  }

  void note_failure(const result<http::post_reply>& reply) {
    failures_.note("the collector took no traces", host_header(how_.collector),
                   reply ? "HTTP status " + std::to_string(reply->status) + ", " + reply->body.substr(0, 200)
                         : reply.error().message);
  }

  /// Waits between two attempts, and reports failures meanwhile. Returns false if the thread is to end.
  bool rest(std::chrono::milliseconds pause) {
    const auto until = clock::now() + pause;
    while (true) {
      {
        std::unique_lock lock(mutex_);
        if (news_.wait_until(lock, std::min(until, clock::now() + longest_silence),
                             [this] { return stop_at_.has_value(); }))
          return false;
      }
      if (clock::now() >= until)
        return true;
      failures_.report_due();
    }
  }

  bool is_over() {
    const std::lock_guard lock(mutex_);
    return stop_at_ && clock::now() >= *stop_at_;
  }

  std::chrono::milliseconds time_out() {
    const std::lock_guard lock(mutex_);
    if (!stop_at_)
      return how_.time_out;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*stop_at_ - clock::now());
    return std::clamp(left, std::chrono::milliseconds(1), how_.time_out);
  }

  const export_settings how_;
  const export_counts counts_;
  flood_limit failures_{log_failure, how_.report_interval};
  std::atomic<bool> hurry_{false};
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<ended_trace> queue_;
  std::optional<clock::time_point> stop_at_;
  bool finished_ = false;
};

span_exporter::span_exporter(export_settings how, export_counts counts)
    : core_(std::make_shared<core>(std::move(how), std::move(counts))),
      thread_([shared = core_] { shared->run(); }) {}

span_exporter::~span_exporter() {
  stop(std::chrono::milliseconds::zero());
}

void span_exporter::add(ended_trace trace) {
  core_->add(std::move(trace));
}

void span_exporter::stop(std::chrono::milliseconds limit) {
  if (!thread_.joinable())
    return;
  if (core_->stop(limit))
    return thread_.join();
  log_event(log_level::warning, "traces", "the look-up of the collector's address does not end");
  thread_.detach(); // it holds what it works with
}

} // namespace winnow
