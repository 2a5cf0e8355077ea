#pragma once

#include "actors/kafka/dead_letters.hpp"
#include "actors/kafka/group_consumer.hpp"
#include "actors/kafka/message_parser.hpp"
#include "actors/metrics/kafka_metrics.hpp"
#include "config/log/flood_limit.hpp"
#include "config/settings/settings.hpp"
#include "redis/profile_store.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace winnow {

/// The shared objects of an intake.
struct intake_parts {
  kafka_settings options;
  profile_store& store;
  kafka_metrics& meters;
  dead_letters* letters = nullptr; ///< Null: unusable messages are only counted and logged.
  /// Returns the key of a user's newest profile, to which events are added.
  std::function<profile_key(std::string_view user_id)> newest = [](std::string_view user) {
    return profile_key{std::string(user), {}};
  };
};

/// Messages between Kafka and the store. What was taken waits until `store` has written it; only then its
/// offset may be committed, so that a crash loses nothing. Messages of a user are written in the order in
/// which they were read: after a failure, everything from the first message that failed is written again. Not
/// thread-safe.
class intake {
public:
  explicit intake(intake_parts parts);

  /// Takes a message. If it cannot be used, it is named in the log, and waits for the topic for such.
  void take(const kafka_message& message);

  std::size_t waiting() const noexcept { return items_.size(); }
  std::size_t bytes() const noexcept { return bytes_; } ///< Of the waiting messages.

  /// Writes all that waits, in pipelines. Blocks as the store does, and for some seconds if unusable messages
  /// are not accepted. On failure, some or all of it still waits; calling this again continues.
  result<void> store();

  /// Returns, for the partitions of which something was dealt with since the last call, the next offset to
  /// read.
  kafka_positions take_done() { return std::exchange(done_, {}); }

  /// Forgets what waits of these partitions, which belong to another member of the group now. @return The
  /// next offsets in them, as `take_done` does.
  kafka_positions forget(const std::vector<std::int32_t>& partitions);

  /// Logs counts of complaints that are due. To be called from time to time.
  void report_due();

private:
  struct item {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::size_t bytes = 0;
    original_message original; ///< Only if unusable messages are sent to a topic.
    std::variant<write_profile, event_message, dead_letter> what = {};
    std::string_view outcome = {}; ///< Empty: it still has to be dealt with.
  };

  template<class Parsed>
  void take_parsed(item& taken, Parsed parsed);
  void refuse(item& of, const bad_message& why);
  void settle();
  result<void> post_letters();
  result<void> store_profiles();
  result<void> store_events();

  const intake_parts parts_;
  flood_limit complaints_;
  std::deque<item> items_; ///< In the order in which they were read.
  std::size_t bytes_ = 0;
  kafka_positions done_;
};

} // namespace winnow
