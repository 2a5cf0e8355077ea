#pragma once

#include "actors/kafka/kafka_producer.hpp"
#include "actors/metrics/kafka_metrics.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace winnow {

/// A message that could not be used, on its way to the topic for such.
struct dead_letter {
  enum class state { unsent, on_its_way, delivered, failed };

  std::string key, value;
  std::string_view defect; ///< A string literal.
  std::string why;
  std::int32_t partition = 0; ///< Where it was read.
  std::int64_t offset = 0;
  std::shared_ptr<std::atomic<state>> now = std::make_shared<std::atomic<state>>(state::unsent);
};

/// The topic for messages that could not be used. A letter is the message as it was read; its headers say why
/// it could not be used (`winnow.reason`, `winnow.detail`) and where it was read (`winnow.topic`,
/// `winnow.partition`, `winnow.offset`).
class dead_letters {
public:
  /// @param read The topic that the messages come from.
  dead_letters(std::unique_ptr<kafka_producer> producer, std::string read, std::string topic,
               kafka_metrics& meters)
      : producer_(std::move(producer)), read_(std::move(read)), topic_(std::move(topic)), meters_(meters) {}

  /// Sends a letter that is neither on its way nor delivered. @return Whether it is done with: delivered, or
  /// too large for the topic, which nothing can change.
  bool post(const dead_letter& letter);

  const std::string& topic() const noexcept { return topic_; }

private:
  const std::unique_ptr<kafka_producer> producer_;
  const std::string read_, topic_;
  kafka_metrics& meters_;
};

} // namespace winnow
