#pragma once

#include <memory>
#include <string>
#include <vector>

struct rd_kafka_s;

namespace winnow::test {

/// Sends messages to the topic `user_behavior`.
class kafka_writer {
public:
  explicit kafka_writer(const std::string& brokers);
  ~kafka_writer();
  kafka_writer(const kafka_writer&) = delete;
  kafka_writer& operator=(const kafka_writer&) = delete;

  void send(const std::string& value, const std::string& key = {});
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

  /// Waits for so many further messages, and returns them as `key|value`. Fails the test if they do not come.
  std::vector<std::string> read(std::size_t count);

private:
  rd_kafka_s* client_;
  const std::string topic_;
};

} // namespace winnow::test
