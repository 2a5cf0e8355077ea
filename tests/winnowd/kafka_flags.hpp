#pragma once

#include "daemon_process.hpp"
#include "support/kafka_cluster.hpp"
#include "support/wait_until.hpp"

namespace winnow::test {

/// Members of a group that died are noticed soon. The cluster gives a new group three seconds to gather.
inline const std::string short_session = "session.timeout.ms=4000,heartbeat.interval.ms=200";

inline strings kafka_flags(const redis_server& redis, const kafka_cluster& kafka,
                           const strings& further = {}) {
  auto flags =
      flags_for(redis, {"--kafka", "--kafka-brokers", kafka.brokers(), "--kafka-option", short_session});
  flags.insert(flags.end(), further.begin(), further.end());
  return flags;
}

inline bool reads_partitions(const daemon_process& shop, double partitions) {
  return wait_until([&] { return shop.metric("winnow_kafka_partitions") == partitions; });
}

} // namespace winnow::test
