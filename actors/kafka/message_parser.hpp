#pragma once

#include "redis/records/keys.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace winnow {

/// Why a message cannot be used.
enum class message_defect {
  empty = 1,     ///< No value: a tombstone.
  not_json,      ///< Not a JSON object in UTF-8.
  bad_user,      ///< `user_id` is missing, empty or no text, or makes a key that reads as another user's.
  bad_history,   ///< `history_items` is missing, empty or no array of texts.
  bad_item,      ///< `item_id` of an event is missing, empty or no text.
  bad_timestamp, ///< `timestamp` is no instant, or an event has none.
  too_large,     ///< More than a profile may have.
  refused,       ///< The store refuses this value, and no other.
};

inline constexpr std::array all_message_defects{message_defect::empty,     message_defect::not_json,
                                                message_defect::bad_user,  message_defect::bad_history,
                                                message_defect::bad_item,  message_defect::bad_timestamp,
                                                message_defect::too_large, message_defect::refused};

/// The name of a defect in the log and in metrics.
std::string_view to_string(message_defect defect) noexcept;

/// A message that cannot be used.
struct bad_message {
  message_defect defect = message_defect::empty;
  std::string why; ///< What was expected and what came.
};

template<class Message>
using parsed_message = tl::expected<Message, bad_message>;

/// A user's whole history.
struct profile_message {
  profile_key key;
  std::vector<std::string> items; ///< Oldest first; never empty.
};

/// One event of a user.
struct event_message {
  std::string user_id;
  std::string item_id;
  std::string action;             ///< Empty: none.
  std::chrono::milliseconds at{}; ///< Since 1970.
};

/// Parses `{"user_id":…,"history_items":[…],"timestamp":…}`. A timestamp that is missing or null makes a key
/// without one. A number is taken for a text as it is written, as in a profile; other fields are ignored.
parsed_message<profile_message> parse_profile_message(std::string_view payload);

/// Parses `{"user_id":…,"item_id":…,"timestamp":…,"action":…}`; `action` is optional.
/// @param written When the message was written, which counts if it has no timestamp; zero: unknown.
parsed_message<event_message> parse_event_message(std::string_view payload,
                                                  std::chrono::milliseconds written);

} // namespace winnow
