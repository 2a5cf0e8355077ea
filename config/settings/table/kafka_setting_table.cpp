#include "config/settings/table/setting_kinds.hpp"
#include "config/settings/table/setting_table_parts.hpp"

namespace winnow {

using namespace setting_kinds;
using namespace std::chrono_literals;

std::vector<setting> kafka_setting_table() {
  constexpr std::string_view group = "Kafka";
  const auto in = [](auto member) { return at(&settings::kafka, member); };
  return {
      on_off({"kafka", group, {}, "Read profiles or events from Kafka and store them"},
             in(&kafka_settings::enabled)),
      named("KAFKA_BROKER",
            without_blanks(text({"kafka-brokers", group, "HOST:PORT", "Brokers, separated by commas"},
                                in(&kafka_settings::brokers)))),
      named("KAFKA_TOPIC",
            text({"kafka-topic", group, "TOPIC", "Topic to read"}, in(&kafka_settings::topic))),
      text({"kafka-group", group, "NAME", "Consumer group; daemons of one group share the partitions"},
           in(&kafka_settings::group)),
      choice({"kafka-format", group, "FORMAT", "What a message holds: a user's history, or one event"},
             "profiles or events", in(&kafka_settings::format)),
      number({"kafka-history", group, "ITEMS", "Of a user's events, the newest so many make the profile"}, 1u,
             100'000u, in(&kafka_settings::history)),
      optional_text(
          {"kafka-dead-letter", group, "TOPIC", "Topic for messages that cannot be used; empty: none"},
          in(&kafka_settings::dead_letter)),
      optional_text(
          {"kafka-results-topic", group, "TOPIC", "Topic for each list that was stored; empty: none"},
          in(&kafka_settings::results_topic)),
      properties({"kafka-option", group, "NAME=VALUE", "A property of librdkafka, such as security.protocol"},
                 in(&kafka_settings::options)),
  };
}

} // namespace winnow
