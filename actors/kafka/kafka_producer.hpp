#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// A message to send.
struct kafka_record {
  std::string_view key, value;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// Sends messages to a topic. Thread-safe.
class kafka_producer {
public:
  /// Called once for each message that `send` accepted, on a thread of librdkafka.
  using delivery = std::function<void(bool delivered)>;

  /// Connects later. Fails as `consumer_conf` does.
  static result<std::unique_ptr<kafka_producer>> make(const kafka_settings& settings,
                                                      const std::string& topic);

  virtual ~kafka_producer() = default;
  kafka_producer(const kafka_producer&) = delete;
  kafka_producer& operator=(const kafka_producer&) = delete;

  /// Queues a message and does not wait. Fails with `overloaded` if too many are waiting, with `too_large`,
  /// or with `unavailable`.
  virtual result<void> send(const kafka_record& record, delivery done) = 0;

protected:
  kafka_producer() = default;
};

} // namespace winnow
