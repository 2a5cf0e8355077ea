#include "actors/kafka/kafka_statistics.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

kafka_statistics read_statistics(std::string_view text, const std::string& topic) {
  const auto all = nlohmann::json::parse(text.begin(), text.end());
  kafka_statistics read;
  const nlohmann::json none = nlohmann::json::object();
  for (const auto& broker : all.value("brokers", none))
    if (broker.is_object() && broker.value("state", "") == "UP")
      ++read.brokers_up;
  const auto topics = all.value("topics", none);
  if (const auto found = topics.find(topic); found != topics.end() && found->is_object())
    for (const auto& partition : found->value("partitions", none))
      if (partition.is_object())
        read.lag +=
            std::max<std::int64_t>(partition.value("consumer_lag", std::int64_t{-1}), 0); // -1: unknown
  return read;
}

} // namespace

std::optional<kafka_statistics> parse_kafka_statistics(std::string_view json, const std::string& topic) {
  try {
    return read_statistics(json, topic);
  } catch (const nlohmann::json::exception&) { // callers are C code, which no exception may cross
    return std::nullopt;
  }
}

} // namespace winnow
