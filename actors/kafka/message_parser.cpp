#include "actors/kafka/message_parser.hpp"

#include "actors/kafka/message_reader.hpp"
#include "redis/records/profile.hpp"

#include <utility>

namespace winnow {

namespace {

tl::unexpected<bad_message> bad(message_defect defect, std::string why) {
  return tl::make_unexpected(bad_message{defect, std::move(why)});
}

/// Reads the payload into fields.
parsed_message<message_fields> read(std::string_view payload) {
  if (payload.empty())
    return bad(message_defect::empty, "the message has no value");
  if (payload.size() > profile_limits{}.max_bytes)
    return bad(message_defect::too_large, std::to_string(payload.size()) + " bytes, more than " +
                                              std::to_string(profile_limits{}.max_bytes));
  return read_message_fields(payload);
}

/// Expects a text that is not empty.
parsed_message<std::string> text_of(message_defect defect, std::string_view name, message_value& value) {
  if (value.what == message_value::kind::text && !value.text.empty())
    return std::move(value.text);
  return bad(defect, std::string(name) + ": expected a text, got " +
                         (value.what == message_value::kind::text ? "an empty one" : value.described()));
}

/// Expects digits that a key's end is a timestamp with, or nothing: then the text is empty. Zero and texts
/// that are no instants make keys in which nobody would find a timestamp.
parsed_message<std::string> timestamp_of(message_value& value) {
  if (value.what == message_value::kind::missing)
    return std::string();
  const auto key = value.what == message_value::kind::text
                       ? parse_profile_key("user_profile:u:" + value.text).value_or(profile_key{})
                       : profile_key{};
  if (key.user_id == "u")
    return std::move(value.text);
  return bad(message_defect::bad_timestamp,
             "timestamp: expected a whole number of 9 to 13 digits, or of 16 that are microseconds, got " +
                 (value.what == message_value::kind::text ? value.text.substr(0, 40) : value.described()));
}

/// A user and a timestamp whose key reads as theirs.
parsed_message<profile_key> key_of(message_fields& fields) {
  auto user = text_of(message_defect::bad_user, "user_id", fields.user_id);
  if (!user)
    return tl::make_unexpected(std::move(user.error()));
  auto timestamp = timestamp_of(fields.timestamp);
  if (!timestamp)
    return tl::make_unexpected(std::move(timestamp.error()));
  return profile_key{std::move(*user), std::move(*timestamp)};
}

bool is_ambiguous(const profile_key& key) {
  return key.timestamp.empty() && !(parse_profile_key(to_redis_key(key)) == key);
}

tl::unexpected<bad_message> ambiguous() {
  return bad(message_defect::bad_user,
             "user_id: without a timestamp, an id that ends like one is another user's");
}

} // namespace

std::string_view to_string(message_defect defect) noexcept {
  switch (defect) {
  case message_defect::empty:
    return "empty";
  case message_defect::not_json:
    return "not_json";
  case message_defect::bad_user:
    return "bad_user";
  case message_defect::bad_history:
    return "bad_history";
  case message_defect::bad_item:
    return "bad_item";
  case message_defect::bad_timestamp:
    return "bad_timestamp";
  case message_defect::too_large:
    return "too_large";
  case message_defect::refused:
    return "refused";
  }
  return "unknown";
}

parsed_message<profile_message> parse_profile_message(std::string_view payload) {
  auto fields = read(payload);
  if (!fields)
    return tl::make_unexpected(std::move(fields.error()));
  auto key = key_of(*fields);
  if (!key)
    return tl::make_unexpected(std::move(key.error()));
  if (is_ambiguous(*key))
    return ambiguous();
  auto& history = fields->history;
  if (history.what != message_value::kind::list)
    return bad(message_defect::bad_history,
               "history_items: expected an array of texts, got " + history.described());
  if (!history.problem.empty())
    return bad(message_defect::bad_history, "history_items: " + history.problem);
  if (fields->items.empty())
    return bad(message_defect::bad_history, "history_items: expected at least one item, got none");
  return profile_message{std::move(*key), std::move(fields->items)};
}

parsed_message<event_message> parse_event_message(std::string_view payload,
                                                  std::chrono::milliseconds written) {
  auto fields = read(payload);
  if (!fields)
    return tl::make_unexpected(std::move(fields.error()));
  auto key = key_of(*fields);
  if (!key)
    return tl::make_unexpected(std::move(key.error()));
  if (is_ambiguous({key->user_id, {}}))
    return ambiguous();
  auto item = text_of(message_defect::bad_item, "item_id", fields->item_id);
  if (!item)
    return tl::make_unexpected(std::move(item.error()));
  const auto at = written_at(*key);
  if (!at && written.count() <= 0)
    return bad(message_defect::bad_timestamp, "timestamp: expected one, got none");
  auto action =
      fields->action.what == message_value::kind::text ? std::move(fields->action.text) : std::string();
  return event_message{std::move(key->user_id), std::move(*item), std::move(action), at.value_or(written)};
}

} // namespace winnow
