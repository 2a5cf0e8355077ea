#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: what matters of librdkafka's statistics.
struct kafka_statistics {
  std::size_t brokers_up = 0; ///< Connected ones.
  std::int64_t lag = 0;       ///< Messages behind the committed offsets, in the partitions that are read.
};

/// Reads librdkafka's statistics. Returns nullopt if the text has another form.
std::optional<kafka_statistics> parse_kafka_statistics(std::string_view json, const std::string& topic);

} // namespace winnow
