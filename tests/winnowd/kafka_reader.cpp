#include "kafka_reader.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <initializer_list>
#include <librdkafka/rdkafka.h>
#include <utility>

namespace winnow::test {

namespace {

constexpr int flush_ms = 20'000;
constexpr int poll_ms = 100;

constexpr auto largest_message = "10000000";

std::optional<std::string> text_of(const void* data, std::size_t size) {
  if (data == nullptr)
    return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

char* bytes_of(const std::optional<std::string>& text) {
  return text ? const_cast<char*>(text->data()) : nullptr;
}

std::size_t size_of(const std::optional<std::string>& text) {
  return text ? text->size() : 0;
}

kafka_text text_of(const rd_kafka_message_t& got) {
  kafka_text text{text_of(got.key, got.key_len), text_of(got.payload, got.len)};
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&got, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return text;
  const char* name = nullptr;
  const void* data = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &data, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    text.headers[name] = text_of(data, size);
  return text;
}

rd_kafka_t* make(rd_kafka_type_t type,
                 std::initializer_list<std::pair<const char*, std::string>> properties) {
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  for (const auto& [name, value] : properties)
    BOOST_REQUIRE_MESSAGE(
        rd_kafka_conf_set(conf, name, value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK, why.data());
  rd_kafka_t* const client = rd_kafka_new(type, conf, why.data(), why.size());
  BOOST_REQUIRE_MESSAGE(client != nullptr, why.data());
  return client;
}

} // namespace

kafka_writer::kafka_writer(const std::string& brokers)
    : client_(make(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers},
                                       {"linger.ms", "5"},
                                       {"queue.buffering.max.messages", "1000000"},
                                       {"message.max.bytes", largest_message},
                                       {"log_level", "0"}})) {}

kafka_writer::~kafka_writer() {
  rd_kafka_destroy(client_);
}

void kafka_writer::send(const kafka_text& message) {
  rd_kafka_headers_t* const headers = rd_kafka_headers_new(message.headers.size());
  for (const auto& [name, value] : message.headers)
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), bytes_of(value),
                        static_cast<ssize_t>(size_of(value)));
  const auto sent =
      rd_kafka_producev(client_, RD_KAFKA_V_TOPIC("user_behavior"), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_KEY(bytes_of(message.key), size_of(message.key)),
                        RD_KAFKA_V_VALUE(bytes_of(message.value), size_of(message.value)),
                        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
  BOOST_REQUIRE_MESSAGE(sent == RD_KAFKA_RESP_ERR_NO_ERROR, rd_kafka_err2str(sent));
}

void kafka_writer::flush() {
  BOOST_REQUIRE(rd_kafka_flush(client_, flush_ms) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

kafka_reader::kafka_reader(const std::string& brokers, std::string topic)
    : client_(make(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers},
                                       {"group.id", "reader of " + topic},
                                       {"auto.offset.reset", "earliest"},
                                       {"fetch.message.max.bytes", largest_message},
                                       {"log_level", "0"}})),
      topic_(std::move(topic)) {
  constexpr int partitions = 4; // those that the cluster gives to a new topic
  auto* const list = rd_kafka_topic_partition_list_new(partitions);
  for (int i = 0; i < partitions; ++i)
    rd_kafka_topic_partition_list_add(list, topic_.c_str(), i)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client_, list);
  rd_kafka_topic_partition_list_destroy(list);
}

kafka_reader::~kafka_reader() {
  rd_kafka_consumer_close(client_);
  rd_kafka_destroy(client_);
}

std::vector<std::string> kafka_reader::read(std::size_t count) {
  std::vector<std::string> messages;
  for (const auto& one : read_messages(count))
    messages.push_back(one.key.value_or("") + "|" + one.value.value_or(""));
  return messages;
}

std::vector<kafka_text> kafka_reader::read_messages(std::size_t count) {
  std::vector<kafka_text> messages;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (messages.size() < count && std::chrono::steady_clock::now() < until) {
    auto* const got = rd_kafka_consumer_poll(client_, poll_ms);
    if (got != nullptr && got->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      messages.push_back(text_of(*got));
    if (got != nullptr)
      rd_kafka_message_destroy(got);
  }
  BOOST_REQUIRE_MESSAGE(messages.size() == count, topic_ << ": " << messages.size() << " of " << count);
  return messages;
}

} // namespace winnow::test
