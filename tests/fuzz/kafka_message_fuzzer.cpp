// Messages of Kafka, as anybody may send them, and records of events, as anybody may overwrite them.
#include "actors/kafka/event_history.hpp"
#include "actors/kafka/python_json.hpp"
#include "redis/records/profile.hpp"

#include "tests/fuzz/fuzzer.hpp"

namespace {

using namespace winnow;

/// A key that reads as another user's would overwrite that user's profile.
void check_profile(const profile_message& message) {
  fuzz::require(parse_profile_key(to_redis_key(message.key)) == message.key);
  const auto again = parse_profile(python_json(message.items));
  fuzz::require(again.has_value() && again->left_out + again->items.size() == message.items.size());
}

/// An event that is added twice counts once, whatever the record was.
void check_event(const event_message& event, const std::string& record) {
  constexpr std::size_t most = 10;
  event_history history(std::nullopt, record, most);
  if (history.add(event) != event_history::outcome::added)
    return;
  const auto texts = history.stored();
  event_history again(texts.profile, texts.record, most);
  fuzz::require(!again.is_changed());
  fuzz::require(again.add(event) == event_history::outcome::known);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  if (const auto read = parse_profile_message(text))
    check_profile(*read);
  else
    fuzz::require(!read.error().why.empty());
  if (const auto read = parse_event_message(text, std::chrono::milliseconds(1)))
    check_event(*read, std::string(text));
  else
    fuzz::require(!read.error().why.empty());
  check_event({"u", "i", "", std::chrono::milliseconds(1'700'000'000'000)}, std::string(text));
  return 0;
}
