#include "actors/kafka/result_topic.hpp"

#include "config/log/log.hpp"
#include "config/text/json_text.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace winnow {

namespace {

void log_dropped(const flood_limit::report& some) {
  log_event(log_level::warning, "kafka", "list not sent to Kafka",
            {{"cause", some.cause}, {"count", some.count}, {"user", some.subject}, {"reason", some.reason}});
}

/// What the listener's copies share.
class sender {
public:
  explicit sender(std::shared_ptr<metrics> counts) : meters_(std::move(counts)) {}

  /// What still waits then is lost: the next start computes no list that the store has.
  ~sender() {
    ending_ = true;
    producer_.reset();
    if (lost_ > 0)
      log_event(log_level::error, "kafka", "stored lists were not sent to Kafka before the end",
                {{"count", lost_.load()},
                 {"advice", "the store has them; POST /recommend/{user_id} sends one again"}});
  }

  result<void> start(const kafka_settings& settings) {
    auto made = kafka_producer::make(settings, settings.results_topic, [this] { dropped_.report_due(); });
    if (!made)
      return tl::unexpected<error>(made.error());
    producer_ = std::move(*made);
    return {};
  }

  void send(std::string_view user, std::string_view timestamp, std::string_view list) {
    const auto message = result_message(user, timestamp, list);
    const auto sent =
        producer_->send({user, message}, [this](const delivery_report& report) { note(report); });
    if (sent)
      return;
    meters_->kafka.result("dropped");
    dropped_.note("dropped", user, sent.error().message);
  }

private:
  void note(const delivery_report& report) {
    meters_->kafka.result(report ? "delivered" : "failed");
    if (report)
      return;
    if (ending_)
      ++lost_;
    else
      dropped_.note("failed", "", report.reason);
  }

  const std::shared_ptr<metrics> meters_;
  flood_limit dropped_{log_dropped};
  std::atomic<bool> ending_{false};
  std::atomic<std::uint64_t> lost_{0};
  std::unique_ptr<kafka_producer> producer_; ///< The last member, because it reports until it has ended.
};

} // namespace

std::string result_message(std::string_view user_id, std::string_view timestamp, std::string_view list) {
  std::string message = R"({"user_id":)";
  append_json_string(message, user_id);
  if (!timestamp.empty())
    message.append(R"(,"timestamp":)")
        .append(timestamp.substr(std::min(timestamp.find_first_not_of('0'), timestamp.size() - 1)));
  return message.append(R"(,"recommendations":)").append(list).append("}");
}

list_listener result_topic(const kafka_settings& settings, const std::shared_ptr<metrics>& meters) {
  if (!settings.enabled || settings.results_topic.empty())
    return {};
  auto shared = std::make_shared<sender>(meters);
  if (auto started = shared->start(settings); !started) {
    log_event(log_level::error, "kafka", "lists are not sent to Kafka",
              {{"reason", started.error().message}});
    return {};
  }
  return [shared](std::string_view user, std::string_view timestamp, std::string_view list) {
    shared->send(user, timestamp, list);
  };
}

} // namespace winnow
