#pragma once

#include "actors/kafka/kafka_message.hpp"
#include "config/error.hpp"
#include "config/settings/settings.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// A message to send.
struct kafka_record {
  std::optional<std::string_view> key, value; ///< Nullopt: null.
  kafka_headers headers = {};
};

/// What became of a message. Converts to whether it was delivered.
struct delivery_report {
  /// Nullopt: it was delivered. `too_large` and `invalid_argument` mean that the broker refuses this message,
  /// whenever it is sent; `unavailable`, that a later attempt may work.
  std::optional<fault> failed;
  std::string_view reason = {}; ///< Of librdkafka; a string literal.

  operator bool() const noexcept { return !failed; } // NOLINT(google-explicit-constructor): for short callers
};

/// Sends messages to a topic. Thread-safe.
class kafka_producer {
public:
  /// Called once for each message that `send` accepted, on a thread of librdkafka, or by the destructor for
  /// those that it does not send any more.
  using delivery = std::function<void(delivery_report report)>;

  /// Connects later. Fails as `consumer_conf` does.
  /// @param tick Called every ten seconds on a thread of librdkafka; may be empty.
  static result<std::unique_ptr<kafka_producer>>
  make(const kafka_settings& settings, const std::string& topic, std::function<void()> tick = {});

  /// Waits a second for what is still queued.
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
