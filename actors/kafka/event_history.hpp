#pragma once

#include "actors/kafka/message_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// A user's newest events, in the order of time, from which the profile is made. An item that was taken twice
/// is there twice, as in any profile; an event that is read twice (same item, action and time) counts once,
/// because Kafka brings messages again after a crash.
///
/// A profile alone does not say when its items were taken, so a record of the events is kept beside it, in
/// the key of `read_events`. It is written before the profile. If only the record was written, the next event
/// of the user puts the profile right. If something else changed the profile, that profile counts: its items
/// keep the times that the record knows of them, the others get the time of the item before them.
class event_history {
public:
  enum class outcome {
    added,
    known,   ///< It is there already.
    too_old, ///< The history is full, and all of it is newer.
  };

  /// @param text The stored profile; nullopt: none. One that cannot be read counts as none.
  /// @param record The record; the same.
  /// @param most How many events are kept.
  event_history(const std::optional<std::string>& text, const std::optional<std::string>& record,
                std::size_t most);

  outcome add(const event_message& event);

  /// What must be stored; the record first.
  struct texts {
    std::string record;
    std::string profile;
  };
  texts stored() const;

  /// Whether the stored profile differs from this history.
  bool is_changed() const;

private:
  struct entry {
    std::int64_t at = 0; ///< Milliseconds since 1970; 0: before all others.
    std::string item;
    std::string action;
  };

  void read_record(const std::string& text);
  void follow_profile(const std::string& text);
  std::string profile_text() const;

  std::size_t most_;
  std::vector<entry> entries_;
  std::uint64_t digest_ = 0; ///< Of the stored profile; 0: none.
  std::uint64_t before_ = 0,
                after_ = 0; ///< Of the profiles that were there and should be, when the record was written.
};

} // namespace winnow
