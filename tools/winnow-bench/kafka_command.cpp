#include "actors/kafka/kafka_consumer.hpp"
#include "actors/kafka/kafka_producer.hpp"
#include "actors/message_types.hpp"
#include "redis/store/redis_store.hpp"
#include "tools/support/kafka_cluster.hpp"
#include "tools/support/redis_server.hpp"
#include "tools/winnow-bench/beside_this_program.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/process_usage.hpp"
#include "tools/winnow-bench/progress.hpp"

#include <algorithm>
#include <atomic>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <filesystem>
#include <random>
#include <sched.h>
#include <thread>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct kafka_options {
  std::size_t messages = 300'000;
  std::size_t items = 10;
  std::string format = "profiles";
};

/// What the cluster keeps of a partition is limited.
constexpr std::size_t partition_bytes = 4'000'000;
constexpr std::size_t partition_messages = 90'000;
constexpr auto patience = 120s;

/// Invents messages like those of a shop: ids of ten characters and more.
class message_source {
public:
  message_source(const kafka_options& asked, std::uint64_t seed) : asked_(asked), random_(seed) {}

  std::string user(std::size_t number) const { return "A2SRVEKZS" + std::to_string(10'000'000 + number); }

  std::string next(std::size_t number) {
    std::string message = R"({"user_id": ")" + user(number) + R"(", )";
    if (asked_.format == "events")
      message += R"("item_id": ")" + item() + '"';
    else
      message += R"("history_items": [)" + history() + "]";
    return message + R"(, "timestamp": )" + std::to_string(1'700'000'000 + number) + "}";
  }

private:
  std::string item() { return std::to_string(1'000'000'000 + random_() % 1'000'000'000); }

  std::string history() {
    std::string items;
    for (std::size_t i = 0; i < asked_.items; ++i)
      items += (i > 0 ? ", \"" : "\"") + item() + '"';
    return items;
  }

  const kafka_options& asked_;
  std::mt19937_64 random_;
};

/// Sends the messages, and waits until the cluster has them. @return Their bytes.
result<std::size_t> fill(const kafka_settings& settings, const kafka_options& asked, std::uint64_t seed) {
  auto producer = kafka_producer::make(settings, settings.topic);
  if (!producer)
    return tl::unexpected<error>(producer.error());
  message_source source(asked, seed);
  std::atomic<std::size_t> done{0}, lost{0};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < asked.messages;) {
    const auto key = source.user(i);
    const auto message = source.next(i);
    const auto sent = (*producer)->send({key, message}, [&](bool delivered) {
      ++done;
      if (!delivered)
        ++lost;
    });
    if (!sent && sent.error().cause != fault::overloaded)
      return tl::unexpected<error>(sent.error());
    if (!sent) {
      std::this_thread::sleep_for(1ms);
      continue;
    }
    bytes += message.size();
    ++i;
  }
  while (done < asked.messages)
    std::this_thread::sleep_for(1ms);
  if (lost > 0)
    return fail(fault::unavailable, std::to_string(lost) + " messages were not accepted");
  return bytes;
}

/// Leaves one core to the consumer, and the others to the processes that are started already.
void take_one_core(const std::vector<pid_t>& others) {
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof usable, &usable) != 0 || CPU_COUNT(&usable) < 2)
    return;
  int first = 0;
  while (CPU_ISSET(first, &usable) == 0)
    ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  CPU_CLR(first, &usable);
  for (const auto process : others)
    for (const auto& thread :
         std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task"))
      sched_setaffinity(std::stoi(thread.path().filename().string()), sizeof usable, &usable);
  sched_setaffinity(0, sizeof one, &one);
}

struct kafka_figures {
  double seconds = 0, processor = 0;
};

/// Lets the consumer store everything. Counts from the first stored message on, because a group takes seconds
/// to form.
result<kafka_figures> consume(const kafka_settings& settings, const store_settings& where,
                              std::size_t messages) {
  caf::actor_system_config config;
  add_message_types(config);
  caf::actor_system system(config);
  kafka_consumer_parts parts;
  parts.options = settings;
  parts.store = std::make_shared<redis_store>(where);
  parts.directory = std::make_shared<profile_directory>();
  parts.health = std::make_shared<health_board>();
  parts.health->profiles_listed = true;
  parts.meters = std::make_shared<metrics>();
  const auto meters = parts.meters;
  const auto consumer = system.spawn<caf::detached>(kafka_consumer, std::move(parts));
  const auto stored = [&] {
    return static_cast<std::size_t>(metrics::total(meters->collect(), "winnow_kafka_messages_total"));
  };
  const auto until = clock::now() + patience;
  const auto wait_for = [&](std::size_t count) {
    while (stored() < count && clock::now() < until)
      std::this_thread::sleep_for(20ms); // collecting the metrics is costly
  };
  wait_for(1);
  const auto begin = clock::now();
  const auto before = own_processor_seconds(); // the cluster and Redis are children of this process
  const auto head = stored();
  wait_for(messages);
  kafka_figures figures{std::chrono::duration<double>(clock::now() - begin).count(),
                        own_processor_seconds() - before};
  const auto all = stored();
  caf::anon_send_exit(consumer, caf::exit_reason::user_shutdown);
  if (all < messages)
    return fail(fault::timeout,
                std::to_string(all) + " of " + std::to_string(messages) + " messages were stored");
  const double part =
      static_cast<double>(messages) / static_cast<double>(messages - std::min(head, messages - 1));
  return kafka_figures{figures.seconds * part, figures.processor * part};
}

result<void> run_kafka(const bench_options& options, const kafka_options& asked, bench_report& report) {
  kafka_settings settings;
  settings.format = asked.format == "events" ? kafka_format::events : kafka_format::profiles;
  message_source sample(asked, options.seed);
  const auto size = sample.next(asked.messages).size() + 40;
  const auto partitions =
      1 + std::max(asked.messages * size / partition_bytes, asked.messages / partition_messages);
  kafka_cluster cluster(beside_this_program("winnow-kafka-mock"), partitions);
  redis_server redis;
  settings.brokers = cluster.brokers();
  print_progress("sending " + std::to_string(asked.messages) + " messages");
  const auto bytes = fill(settings, asked, options.seed);
  if (!bytes)
    return tl::unexpected<error>(bytes.error());
  take_one_core({cluster.pid(), redis.pid()});
  store_settings where;
  where.address.host = "127.0.0.1";
  where.address.port = redis.port();
  print_progress("storing them");
  const auto figures = consume(settings, where, asked.messages);
  if (!figures)
    return tl::unexpected<error>(figures.error());
  const auto count = static_cast<double>(asked.messages);
  auto& section =
      report.section("kafka", "Storing " + std::to_string(asked.messages) + " messages (" + asked.format +
                                  ") of Kafka in Redis, on one core; Kafka and Redis on the others");
  const auto add = [&](const char* what, double value, const char* unit) {
    section.rows.emplace_back().text("what", what).text("value", number_text(value) + unit);
  };
  add("messages per second", count / figures->seconds, "");
  add("megabytes per second", static_cast<double>(*bytes) / 1e6 / figures->seconds, " MB");
  add("bytes of a message", static_cast<double>(*bytes) / count, "");
  add("processor time of a message, with the threads of librdkafka", figures->processor / count * 1e6, " us");
  return {};
}

} // namespace

bench_action declare_kafka(CLI::App& app) {
  const auto asked = std::make_shared<kafka_options>();
  app.add_option("--messages", asked->messages, "Number of messages")
      ->check(CLI::Range(1'000, 10'000'000))
      ->capture_default_str();
  app.add_option("--history", asked->items, "Items of a history")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--format", asked->format, "What a message holds")
      ->check(CLI::IsMember({"profiles", "events"}))
      ->capture_default_str();
  return [asked](const bench_options& options, bench_report& report) {
    return run_kafka(options, *asked, report);
  };
}

} // namespace winnow::bench
