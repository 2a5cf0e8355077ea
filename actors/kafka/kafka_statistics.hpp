#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: what matters of librdkafka's statistics.

/// The offsets of a partition. A negative one is unknown.
struct partition_offsets {
  std::int64_t committed = -1;
  std::int64_t first_read = -1; ///< The first message that this consumer read of it; not in the statistics.
  std::int64_t next = -1;       ///< To fetch.
  std::int64_t begin = -1;      ///< The oldest message.
  /// Behind the newest message that can be read. In the statistics, it is as old as the last fetch.
  std::int64_t end = -1;
};

struct kafka_statistics {
  std::size_t brokers_up = 0;                           ///< Connected ones.
  std::map<std::int32_t, partition_offsets> partitions; ///< All that are known, also those of other members.
};

/// Reads librdkafka's statistics. Returns nullopt if the text has another form.
std::optional<kafka_statistics> parse_kafka_statistics(std::string_view json, const std::string& topic);

/// The messages of a partition that are not committed. If nothing was committed yet, those from the first
/// that was read; if nothing was read either, those from where reading will begin. 0 if that or the end is
/// unknown.
std::int64_t lag_of(const partition_offsets& offsets) noexcept;

} // namespace winnow
