#include "actors/kafka/kafka_conf.hpp"

#include "actors/kafka/kafka_check.hpp"
#include "config/log/flood_limit.hpp"
#include "config/log/log.hpp"

#include <array>
#include <string>
#include <syslog.h>
#include <utility>

namespace winnow {

namespace {

constexpr std::size_t most_words = 512; // of a reason

/// Options that settings of the daemon set, or that would commit before the store has confirmed.
struct reserved_option {
  std::string_view name;
  std::string_view advice;
};

constexpr std::array reserved{
    reserved_option{"bootstrap.servers", "--kafka-brokers sets it"},
    reserved_option{"metadata.broker.list", "--kafka-brokers sets it"},
    reserved_option{"group.id", "--kafka-group sets it"},
    reserved_option{"enable.auto.commit", "offsets are committed when the store has confirmed"},
    reserved_option{"enable.auto.offset.store", "offsets are committed when the store has confirmed"},
};

void write_report(const flood_limit::report& some) {
  log_event(log_level::warning, "kafka", "librdkafka",
            {{"facility", some.cause}, {"count", some.count}, {"says", some.reason}});
}

/// Called on any thread of librdkafka. Its warnings repeat as long as a broker is away.
void take_log(const rd_kafka_t*, int level, const char* facility, const char* text) {
  static flood_limit complaints(write_report);
  if (level <= LOG_WARNING)
    complaints.note(facility, "", text);
  else
    log_routine(log_level::debug, "kafka", "librdkafka", {{"facility", facility}, {"says", text}});
}

result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, most_words> why{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK)
    return fail(fault::invalid_argument, why.data());
  return {};
}

result<void> take_options(rd_kafka_conf_t* conf, const kafka_settings& settings) {
  for (const auto& [name, value] : settings.options) {
    for (const auto& one : reserved)
      if (one.name == name)
        return fail(fault::invalid_argument, "kafka-option " + name + ": " + std::string(one.advice));
    if (auto taken = set(conf, name, value); !taken)
      return fail("kafka-option " + name, taken.error());
  }
  return {};
}

using properties = std::initializer_list<std::pair<const char*, std::string>>;

result<rd_kafka_conf_ptr> make_conf(const kafka_settings& settings, properties own) {
  rd_kafka_conf_ptr conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), take_log);
  for (const auto& [name, value] : own)
    if (auto taken = set(conf.get(), name, value); !taken)
      return tl::unexpected<error>(taken.error());
  if (auto taken = take_options(conf.get(), settings); !taken)
    return tl::unexpected<error>(taken.error());
  return conf;
}

} // namespace

result<rd_kafka_conf_ptr> consumer_conf(const kafka_settings& settings) {
  return make_conf(settings,
                   {
                       {"bootstrap.servers", settings.brokers},
                       {"client.id", "winnow"},
                       {"group.id", settings.group},
                       {"enable.auto.commit", "false"},
                       {"enable.auto.offset.store", "false"},
                       // Also where retention has removed what was committed last: what is left is read.
                       {"auto.offset.reset", "earliest"},
                       {"statistics.interval.ms", "1000"},
                       // Messages that are read ahead. The default takes 64 MB a partition.
                       {"queued.max.messages.kbytes", "16384"},
                       {"fetch.wait.max.ms", "100"},
                       {"reconnect.backoff.max.ms", "2000"},
                   });
}

result<rd_kafka_conf_ptr> producer_conf(const kafka_settings& settings) {
  return make_conf(settings,
                   {
                       {"bootstrap.servers", settings.brokers},
                       {"client.id", "winnow"},
                       {"linger.ms", "5"},
                       {"reconnect.backoff.max.ms", "2000"},
                       // Java's partitioner, so that a key finds the partition that other producers choose.
                       {"partitioner", "murmur2_random"},
                   });
}

result<rd_kafka_t*> make_client(rd_kafka_type_t type, rd_kafka_conf_ptr conf) {
  std::array<char, most_words> why{};
  rd_kafka_t* const made = rd_kafka_new(type, conf.get(), why.data(), why.size());
  if (made == nullptr)
    return fail(fault::invalid_argument, std::string("kafka: ") + why.data());
  static_cast<void>(conf.release()); // now the client's
  return made;
}

result<void> check_kafka(const kafka_settings& settings) {
  if (!settings.enabled)
    return {};
  for (const auto& [name, topic] : {std::pair{"kafka-dead-letter", settings.dead_letter},
                                    std::pair{"kafka-results-topic", settings.results_topic}})
    if (topic == settings.topic)
      return fail(fault::invalid_argument,
                  std::string(name) + ": expected another topic than kafka-topic, got " + topic);
  auto consumer = consumer_conf(settings);
  if (!consumer)
    return tl::unexpected<error>(consumer.error());
  auto producer = producer_conf(settings);
  if (!producer)
    return tl::unexpected<error>(producer.error());
  // Files that options name, such as ssl.ca.location, are read when a client is made, which connects later.
  const auto made = make_client(RD_KAFKA_CONSUMER, std::move(*consumer));
  if (!made)
    return tl::unexpected<error>(made.error());
  rd_kafka_destroy(*made);
  return {};
}

} // namespace winnow
