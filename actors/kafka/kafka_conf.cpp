#include "actors/kafka/kafka_conf.hpp"

#include "actors/kafka/kafka_check.hpp"
#include "config/files/library_files.hpp"
#include "config/log/flood_limit.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <syslog.h>
#include <utility>

namespace winnow {

namespace {

constexpr std::size_t most_words = 512; // of a reason

constexpr std::string_view expected_topic_name =
    ": expected the name of a topic, 1 to 249 letters, digits, '.', '_' and '-', got ";

/// Options that settings of the daemon set, that would commit before the store has confirmed, or that would
/// keep from the daemon what it must know.
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
    reserved_option{"statistics.interval.ms", "the lag and the state of the brokers are read once a second"},
    reserved_option{"delivery.report.only.error",
                    "offsets are committed when unusable messages are delivered"},
    reserved_option{"transactional.id", "messages are sent without transactions"},
    reserved_option{"enabled_events", "the daemon takes all events"},
    reserved_option{"log.queue", "what librdkafka logs goes to the daemon's log"},
};

void write_report(const flood_limit::report& some) {
  log_event(log_level::warning, "kafka", "librdkafka",
            {{"facility", some.cause}, {"count", some.count}, {"says", some.reason}});
}

/// Whether a warning says that an option concerns the other kind of client. Consumer and producers are given
/// the same options, so that this is no mistake.
bool is_of_other_clients(std::string_view facility, std::string_view text) {
  return facility == "CONFWARN" && text.find("will be ignored by this ") != std::string_view::npos;
}

/// Lives as long as the process, because threads of librdkafka may.
flood_limit& client_warnings() {
  static auto& all = *new flood_limit(write_report);
  return all;
}

/// Called on any thread of librdkafka. Its warnings repeat as long as a broker is away.
void take_log(const rd_kafka_t*, int level, const char* facility, const char* text) {
  if (level <= LOG_WARNING && !is_of_other_clients(facility, text))
    client_warnings().note(facility, "", text);
  else
    log_routine(log_level::debug, "kafka", "librdkafka", {{"facility", facility}, {"says", text}});
}

result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, most_words> why{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK)
    return fail(fault::invalid_argument, why.data());
  return {};
}

/// Fails if the option names a FIFO, which librdkafka would wait at for ever.
result<void> check_files_of(const std::string& name, const std::string& value) {
  constexpr std::string_view location = ".location";
  const bool is_location = name.size() > location.size() &&
                           name.compare(name.size() - location.size(), location.size(), location) == 0;
  if (!is_location && name != "plugin.library.paths" && name != "sasl.kerberos.keytab")
    return {};
  std::istringstream files(value);
  for (std::string file; std::getline(files, file, ';');) // only the libraries may be several
    if (auto checked = check_authorities(file); !checked)
      return checked;
  return {};
}

/// The same for the system's authorities, which encrypted connections may use.
result<void> check_authorities_of(const kafka_settings& settings) {
  const auto is_protocol = [](const auto& option) { return option.first == "security.protocol"; };
  const bool any = std::any_of(settings.options.begin(), settings.options.end(), is_protocol);
  return any ? check_system_authorities() : result<void>{};
}

result<void> take_options(rd_kafka_conf_t* conf, const kafka_settings& settings) {
  for (const auto& [name, value] : settings.options) {
    for (const auto& one : reserved)
      if (one.name == name)
        return fail(fault::invalid_argument, "kafka-option " + name + ": " + std::string(one.advice));
    if (auto checked = check_files_of(name, value); !checked)
      return fail("kafka-option " + name, checked.error());
    if (auto taken = set(conf, name, value); !taken)
      return fail("kafka-option " + name, taken.error());
  }
  if (auto checked = check_authorities_of(settings); !checked)
    return fail("kafka-option security.protocol", checked.error());
  return {};
}

/// Kafka's own rule. librdkafka takes a name that begins with `^` for a pattern of names.
bool is_topic_name(std::string_view name) {
  constexpr std::size_t longest = 249;
  constexpr std::string_view others = "._-";
  const auto is_allowed = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), is_allowed);
}

result<void> check_topics(const kafka_settings& settings) {
  const auto refuse = [](const std::string& name, const std::string& topic) {
    return fail(fault::invalid_argument, name + std::string(expected_topic_name) + topic);
  };
  if (!is_topic_name(settings.topic))
    return refuse("kafka-topic", settings.topic);
  for (const auto& [name, topic] : {std::pair{"kafka-dead-letter", settings.dead_letter},
                                    std::pair{"kafka-results-topic", settings.results_topic}}) {
    if (topic == settings.topic)
      return fail(fault::invalid_argument,
                  std::string(name) + ": expected another topic than kafka-topic, got " + topic);
    if (!topic.empty() && !is_topic_name(topic))
      return refuse(name, topic);
  }
  return {};
}

using properties = std::initializer_list<std::pair<const char*, std::string>>;

result<rd_kafka_conf_ptr> make_conf(const kafka_settings& settings, properties own) {
  // Without brokers, as in a check, a client connects to nothing.
  rd_kafka_conf_ptr conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), take_log);
  for (const auto& [name, value] : own)
    if (auto taken = set(conf.get(), name, value); !taken)
      return tl::unexpected<error>(taken.error());
  if (!settings.brokers.empty())
    if (auto taken = set(conf.get(), "bootstrap.servers", settings.brokers); !taken)
      return tl::unexpected<error>(taken.error());
  if (auto taken = take_options(conf.get(), settings); !taken)
    return tl::unexpected<error>(taken.error());
  return conf;
}

/// Makes a client, which has no brokers to connect to, and destroys it. Files that options name, such as
/// ssl.ca.location, are read, and options are compared with each other.
result<void> try_client(rd_kafka_type_t type, result<rd_kafka_conf_ptr> conf) {
  if (!conf)
    return tl::unexpected<error>(conf.error());
  const auto made = make_client(type, std::move(*conf));
  if (!made)
    return tl::unexpected<error>(made.error());
  rd_kafka_destroy(*made);
  return {};
}

} // namespace

result<rd_kafka_conf_ptr> consumer_conf(const kafka_settings& settings) {
  return make_conf(settings,
                   {
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
                       // Members learn of a rebalance with a heartbeat. The default of 3 s would be more than
                       // a daemon that stops while it joins may wait.
                       {"heartbeat.interval.ms", "1000"},
                       {"reconnect.backoff.max.ms", "2000"},
                   });
}

result<rd_kafka_conf_ptr> producer_conf(const kafka_settings& settings) {
  return make_conf(settings,
                   {
                       {"client.id", "winnow"},
                       {"linger.ms", "5"},
                       // What waits is sent when Kafka is back, however late. The number is limited.
                       {"message.timeout.ms", "0"},
                       // Letters may be as large as what was read. Brokers refuse more than their limits,
                       // and close the connection without an answer at 100 MB.
                       {"message.max.bytes", "67108864"},
                       // For counts that have to be logged even if nothing is sent.
                       {"statistics.interval.ms", "10000"},
                       {"reconnect.backoff.max.ms", "2000"},
                       // Java's partitioner, so that a key finds the partition that other producers choose.
                       {"partitioner", "murmur2_random"},
                   });
}

void report_due_client_warnings() {
  client_warnings().report_due();
}

void report_all_client_warnings() {
  client_warnings().report_all();
}

result<rd_kafka_t*> make_client(rd_kafka_type_t type, rd_kafka_conf_ptr conf) {
  std::array<char, most_words> why{};
  rd_kafka_t* const made = rd_kafka_new(type, conf.get(), why.data(), why.size());
  if (made == nullptr)
    return fail(fault::invalid_argument, std::string("kafka: ") + why.data());
  static_cast<void>(conf.release()); // now the client's
  return made;
}

result<void> check_kafka(const kafka_settings& given) {
  if (!given.enabled)
    return {};
  if (auto topics = check_topics(given); !topics)
    return topics;
  auto settings = given;
  settings.brokers.clear();
  if (auto consumer = try_client(RD_KAFKA_CONSUMER, consumer_conf(settings)); !consumer)
    return consumer;
  // Without such a topic there is no producer, and what only concerns producers does not matter.
  if (settings.dead_letter.empty() && settings.results_topic.empty())
    return {};
  return try_client(RD_KAFKA_PRODUCER, producer_conf(settings));
}

} // namespace winnow
