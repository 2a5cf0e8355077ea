#include "actors/kafka/result_topic.hpp"

#include "config/log/log.hpp"
#include "config/text/json_text.hpp"

#include <algorithm>

namespace winnow {

namespace {

void log_dropped(const flood_limit::report& some) {
  log_event(log_level::warning, "kafka", "list not sent to Kafka",
            {{"cause", some.cause}, {"count", some.count}, {"user", some.subject}, {"reason", some.reason}});
}

/// What the listener's copies share.
struct sender {
  sender(std::unique_ptr<kafka_producer> to, std::shared_ptr<metrics> counts)
      : meters(std::move(counts)), producer(std::move(to)) {}

  void send(std::string_view user, std::string_view timestamp, std::string_view list) {
    const auto message = result_message(user, timestamp, list);
    const auto sent = producer->send({user, message}, [this](bool delivered) {
      meters->kafka.result(delivered ? "delivered" : "failed");
      if (!delivered)
        dropped.note("failed", "", "no broker accepted it in time");
    });
    if (sent)
      return;
    meters->kafka.result("dropped");
    dropped.note("dropped", user, sent.error().message);
  }

  const std::shared_ptr<metrics> meters;
  flood_limit dropped{log_dropped};
  const std::unique_ptr<kafka_producer> producer; ///< The last member, because it reports until it has ended.
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
  auto producer = kafka_producer::make(settings, settings.results_topic);
  if (!producer) {
    log_event(log_level::error, "kafka", "lists are not sent to Kafka",
              {{"reason", producer.error().message}});
    return {};
  }
  auto shared = std::make_shared<sender>(std::move(*producer), meters);
  return [shared](std::string_view user, std::string_view timestamp, std::string_view list) {
    shared->send(user, timestamp, list);
  };
}

} // namespace winnow
