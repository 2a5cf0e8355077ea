#include "actors/kafka/kafka_statistics.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

partition_offsets read_offsets(const nlohmann::json& partition) {
  constexpr std::int64_t unknown = -1;
  partition_offsets read;
  read.committed = partition.value("committed_offset", unknown);
  read.next = partition.value("next_offset", unknown);
  read.begin = partition.value("lo_offset", unknown);
  // Messages of open transactions cannot be read; old brokers do not say where they begin.
  const auto stable = partition.value("ls_offset", unknown);
  read.end = stable >= 0 ? stable : partition.value("hi_offset", unknown);
  return read;
}

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
        read.partitions[partition.value("partition", std::int32_t{-1})] = read_offsets(partition);
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

std::int64_t lag_of(const partition_offsets& offsets) noexcept {
  auto position = offsets.committed;
  for (const auto otherwise : {offsets.first_read, offsets.next, offsets.begin})
    if (position < 0)
      position = otherwise;
  if (position < 0 || offsets.end < 0)
    return 0;
  // Retention may have removed messages behind the position.
  return std::max<std::int64_t>(offsets.end - std::max(position, offsets.begin), 0);
}

} // namespace winnow
