#pragma once

#include "actors/interfaces.hpp"
#include "actors/kafka/dead_letters.hpp"
#include "actors/kafka/group_consumer.hpp"
#include "actors/kafka/intake.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "actors/status/actor_record.hpp"
#include "actors/status/health_board.hpp"
#include "config/settings/settings.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace winnow {

/// The consumer's settings and shared objects.
struct kafka_consumer_parts {
  kafka_settings options;
  std::shared_ptr<profile_store> store; ///< Used by this actor alone.
  std::shared_ptr<const profile_directory> directory;
  std::shared_ptr<health_board> health;
  std::shared_ptr<metrics> meters;
  actor_record_ptr record = std::make_shared<actor_record>();
  /// Makes it a member of the group. Tests put in a group of their own.
  std::function<result<std::unique_ptr<group_consumer>>(const kafka_settings&, group_listener)> join =
      group_consumer::join;
};

/// The consumer's interface, including the message that it sends to itself.
using kafka_consumer_self = kafka_consumer_actor::extend<
    // Read and store once more.
    caf::reacts_to<pump_atom>>;

/// Reads the topic as a member of a consumer group, and stores what it reads:
///
/// 1. It takes what has arrived, up to a limit, and writes it in one pipeline. While that is under way,
/// librdkafka
///    fetches more, so batches grow with the load.
/// 2. When the store has confirmed, the offsets are committed. A crash in between brings these messages
/// again.
/// 3. If the store is away, or too many changed profiles wait for their lists, the partitions are paused:
/// nothing is
///    fetched, what was taken waits, and the member of the group stays alive by being polled.
/// 4. If partitions are taken away, what waits of them is forgotten: their next owner reads it again.
struct kafka_consumer_state {
  static inline const char* name = "kafka_consumer";
  /// Changed profiles that may wait for their lists before nothing more is read: about 100 bytes each, and
  /// ten seconds of work. Reading goes on once half of them are done.
  static constexpr std::size_t most_waiting_profiles = 100'000;

  explicit kafka_consumer_state(kafka_consumer_self::pointer owner) : self_(owner) {}

  void start(kafka_consumer_parts parts);
  void pump();
  void leave(); ///< Commits and leaves the group.
  const actor_record_ptr& record() const noexcept { return parts_.record; }

private:
  using clock = std::chrono::steady_clock;

  void join();
  void gather();
  void store();
  void wait();
  std::string_view obstacle() const;
  void commit_when_due();
  void report();

  kafka_consumer_self::pointer self_;
  kafka_consumer_parts parts_;
  std::unique_ptr<dead_letters> letters_;
  std::unique_ptr<intake> intake_;
  std::unique_ptr<group_consumer>
      consumer_; ///< The last member, because it calls the intake until it has ended.
  kafka_facts reported_;
  bool store_failed_ = false;
  std::string_view paused_for_; ///< The obstacle; empty: not paused.
  clock::time_point next_try_{}, next_commit_{}, next_report_{};
};

/// @note Blocks. Must be spawned with `caf::detached`.
kafka_consumer_self::behavior_type
kafka_consumer(kafka_consumer_self::stateful_pointer<kafka_consumer_state> self, kafka_consumer_parts parts);

} // namespace winnow
