#include "actors/kafka/dead_letters.hpp"

#include "actors/kafka/message_place.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace winnow {

namespace {

using state = dead_letter::state;

// Below what brokers accept unless they are told otherwise (message.max.bytes, 1,048,588), with room for
// Winnow's headers. A topic that refuses even the least is for nothing.
constexpr std::size_t first_cut = 1'000'000;
constexpr std::size_t least = 1000;
constexpr std::size_t next_part = 4; // of the last attempt

void log_dropped(const flood_limit::report& some) {
  log_event(log_level::error, "kafka", "dead letter dropped",
            {{"count", some.count},
             {"message", some.subject},
             {"reason", some.reason},
             {"advice", "read it in its topic, or look at the settings of the topic for dead letters"}});
}

/// Less of the letter for the next attempt. @return Whether there is any sense in one.
bool shorten(dead_letter& letter) {
  letter.most = letter.most == dead_letter::whole ? std::min(first_cut, letter.original.bytes() / 2)
                                                  : letter.most / next_part;
  return letter.most >= least;
}

/// How much of each of key, value and headers is sent. Keys and headers are left out rather than cut.
std::size_t part_of(const dead_letter& letter) {
  constexpr std::size_t parts = 3;
  return letter.most == dead_letter::whole ? dead_letter::whole : letter.most / parts;
}

state state_after(std::optional<fault> failed) {
  if (!failed)
    return state::delivered;
  return *failed == fault::too_large          ? state::too_large
         : *failed == fault::invalid_argument ? state::refused
                                              : state::failed;
}

std::optional<std::string_view> view_of(const std::optional<std::string>& text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

bool is_ours(const kafka_header& header) {
  return header.name.rfind("winnow.", 0) == 0;
}

} // namespace

dead_letters::dead_letters(std::unique_ptr<kafka_producer> producer, std::string read, std::string topic,
                           kafka_metrics& meters)
    : read_(std::move(read)), topic_(std::move(topic)), meters_(meters), dropped_(log_dropped),
      producer_(std::move(producer)) {}

bool dead_letters::post(dead_letter& letter) {
  switch (letter.now->load()) {
  case state::delivered:
    return true;
  case state::on_its_way:
    return false;
  case state::too_large:
    if (!shorten(letter))
      return give_up(letter, "too large, even in part");
    break;
  case state::refused:
    return give_up(letter, "the broker refuses it");
  case state::unsent:
  case state::failed:
    break;
  }
  send(letter);
  return false;
}

void dead_letters::send(const dead_letter& letter) {
  letter.now->store(state::on_its_way);
  const auto& original = letter.original;
  kafka_record record{view_of(original.key), view_of(original.value), headers_of(letter)};
  if (record.key && record.key->size() > part_of(letter))
    record.key = std::nullopt;
  if (record.value)
    record.value = record.value->substr(0, part_of(letter));
  const auto sent =
      producer_->send(record, [progress = letter.now, meters = &meters_](const delivery_report& report) {
        meters->dead_letter(report);
        progress->store(state_after(report.failed));
      });
  if (sent)
    return;
  meters_.dead_letter(false);
  letter.now->store(state_after(sent.error().cause));
}

bool dead_letters::give_up(const dead_letter& letter, std::string_view why) {
  dropped_.note("dropped", place_of(read_, letter.partition, letter.offset),
                "kafka topic " + topic_ + ": " + std::string(why));
  letter.now->store(state::delivered);
  return true;
}

/// Those of the message, but for Winnow's own, which it has if it was sent from that topic once more.
kafka_headers dead_letters::headers_of(const dead_letter& letter) const {
  kafka_headers headers;
  const auto& original = letter.original;
  if (size_of(original.headers) <= part_of(letter))
    std::remove_copy_if(original.headers.begin(), original.headers.end(), std::back_inserter(headers),
                        is_ours);
  headers.push_back({"winnow.reason", std::string(letter.defect)});
  headers.push_back({"winnow.detail", letter.why});
  headers.push_back({"winnow.topic", read_});
  headers.push_back({"winnow.partition", std::to_string(letter.partition)});
  headers.push_back({"winnow.offset", std::to_string(letter.offset)});
  if (original.written.count() > 0)
    headers.push_back({"winnow.timestamp", std::to_string(original.written.count())});
  if (letter.most != dead_letter::whole)
    headers.push_back({"winnow.truncated", std::to_string(original.value ? original.value->size() : 0)});
  return headers;
}

} // namespace winnow
