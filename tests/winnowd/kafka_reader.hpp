#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct rd_kafka_s;

namespace winnow::test {

/// A message. What is nullopt is null.
struct kafka_text {
  std::optional<std::string> key, value;
  std::map<std::string, std::optional<std::string>> headers = {};
};

/// Sends messages to the topic `user_behavior`.
class kafka_writer {
public:
  explicit kafka_writer(const std::string& brokers);
  ~kafka_writer();
  kafka_writer(const kafka_writer&) = delete;
  kafka_writer& operator=(const kafka_writer&) = delete;

  void send(const kafka_text& message);
  void send(const std::string& value, const std::string& key = {}) { send(kafka_text{key, value}); }
  void flush(); ///< Waits until all of them are accepted. Fails the test if they are not.

private:
  rd_kafka_s* client_;
};

/// Reads a topic from its beginning.
class kafka_reader {
public:
  kafka_reader(const std::string& brokers, std::string topic);
  ~kafka_reader();
  kafka_reader(const kafka_reader&) = delete;
  kafka_reader& operator=(const kafka_reader&) = delete;

  /// Waits for `count` further messages. Fails the test if they do not come.
  std::vector<kafka_text> read_messages(std::size_t count);

  /// The same, as `key|value`.
  std::vector<std::string> read(std::size_t count);

private:
  rd_kafka_s* client_;
  const std::string topic_;
};

} // namespace winnow::test
