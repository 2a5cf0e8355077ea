#pragma once

#include "actors/kafka/kafka_producer.hpp"
#include "actors/metrics/kafka_metrics.hpp"
#include "config/log/flood_limit.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// A message as it was read.
struct original_message {
  std::optional<std::string> key, value; ///< Nullopt: null.
  kafka_headers headers = {};
  std::chrono::milliseconds written{}; ///< Since 1970; 0: unknown.

  std::size_t bytes() const noexcept {
    return (key ? key->size() : 0) + (value ? value->size() : 0) + size_of(headers);
  }
};

/// A message that could not be used, on its way to the topic for such.
struct dead_letter {
  /// `too_large`: in the form in which it was sent. `refused`: as it would be each time.
  enum class state { unsent, on_its_way, delivered, failed, too_large, refused };
  static constexpr auto whole = std::numeric_limits<std::size_t>::max();

  original_message original;
  std::string_view defect; ///< A string literal.
  std::string why;
  std::int32_t partition = 0; ///< Where it was read.
  std::int64_t offset = 0;
  std::size_t most = whole; ///< Bytes of the original that are sent.
  std::shared_ptr<std::atomic<state>> now = std::make_shared<std::atomic<state>>(state::unsent);
};

/// The topic for messages that could not be used. A letter is the message as it was read, with its headers.
/// Further headers say why it could not be used (`winnow.reason`, `winnow.detail`) and where and when it was
/// written (`winnow.topic`, `winnow.partition`, `winnow.offset`, and `winnow.timestamp` in milliseconds since
/// 1970). The letter's own time is now: a topic that keeps its messages for a week would drop an older one.
///
/// A message that the topic's brokers refuse as too large is sent in part; then `winnow.truncated` says how
/// many bytes its value has.
class dead_letters {
public:
  /// @param read The topic that the messages come from.
  dead_letters(std::unique_ptr<kafka_producer> producer, std::string read, std::string topic,
               kafka_metrics& meters);

  /// Sends a letter that is neither on its way nor delivered. @return Whether it is done with: delivered, or
  /// refused in every form, which is logged.
  bool post(dead_letter& letter);

  const std::string& topic() const noexcept { return topic_; }
  void report_due() { dropped_.report_due(); } ///< To be called from time to time.

private:
  void send(const dead_letter& letter);
  bool give_up(const dead_letter& letter, std::string_view why);
  kafka_headers headers_of(const dead_letter& letter) const;

  const std::string read_, topic_;
  kafka_metrics& meters_;
  flood_limit dropped_;
  const std::unique_ptr<kafka_producer>
      producer_; ///< The last member, because it reports until it has ended.
};

} // namespace winnow
