#pragma once

#include "actors/kafka/kafka_message.hpp"
#include "config/error.hpp"
#include "config/settings/settings.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// In each partition, the offset of the next message to deal with.
using kafka_positions = std::map<std::int32_t, std::int64_t>;

/// What is known of the cluster.
struct kafka_facts {
  bool connected = false; ///< A broker is connected. Known a second after the start.
  std::string trouble; ///< Why nothing can be read, in Winnow's own words; empty: it can, as far as is known.
  std::string last_error;       ///< What librdkafka reported last; empty: nothing.
  std::size_t partitions = 0;   ///< That this consumer reads.
  std::int64_t lag = 0;         ///< Messages of these partitions that are not committed yet.
  std::uint64_t rebalances = 0; ///< Times that partitions were assigned or revoked.
  std::uint64_t errors = 0;     ///< That librdkafka reported.
  std::uint64_t commits = 0, failed_commits = 0;
};

/// What a consumer tells its owner, always within `poll` or `close`.
struct group_listener {
  std::function<void(const kafka_message&)> message;
  /// These partitions are now another member's, or nobody's: what was read of them must not be stored any
  /// more. Returns the positions up to which it has been stored; they are committed before another member
  /// begins.
  std::function<kafka_positions(const std::vector<std::int32_t>&)> revoked;
};

/// A member of a consumer group. Its owner polls it at least every few minutes, also while it is paused:
/// otherwise the group takes it for dead. Not thread-safe: one thread makes all calls.
class group_consumer {
public:
  /// Subscribes to the topic. Connects later, on threads of librdkafka. Messages have their headers if the
  /// settings name a topic for those that cannot be used.
  static result<std::unique_ptr<group_consumer>> join(const kafka_settings& settings,
                                                      group_listener listener);

  virtual ~group_consumer() = default;
  group_consumer(const group_consumer&) = delete;
  group_consumer& operator=(const group_consumer&) = delete;

  /// Waits for a message. @return Whether one came.
  virtual bool poll(std::chrono::milliseconds patience) = 0;

  /// While paused, `poll` brings no messages. They come again after `resume`. Applies to partitions that are
  /// assigned meanwhile, too.
  virtual void pause() = 0;
  virtual void resume() = 0;

  /// Commits without waiting for the outcome, which counts in `facts`.
  virtual void commit(const kafka_positions& positions) = 0;

  /// Leaves the group, so that others take over at once. Waits for that, and for commits, at most so long:
  /// then it breaks the connections, and the group notices when the session expires.
  virtual void close(std::chrono::milliseconds patience) = 0;

  virtual const kafka_facts& facts() const = 0;

protected:
  group_consumer() = default;
};

} // namespace winnow
