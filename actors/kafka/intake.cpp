#include "actors/kafka/intake.hpp"

#include "actors/kafka/event_batch.hpp"
#include "actors/kafka/message_place.hpp"
#include "actors/kafka/python_json.hpp"
#include "config/log/log.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace winnow {

namespace {

// Dead letters are few; while they are on their way, nothing else is done.
constexpr std::chrono::seconds letter_patience{2};
constexpr std::chrono::milliseconds letter_check{1};

void log_refused(const flood_limit::report& some) {
  log_event(
      log_level::warning, "kafka", "message cannot be used",
      {{"cause", some.cause}, {"count", some.count}, {"message", some.subject}, {"reason", some.reason}});
}

original_message original_of(const kafka_message& message) {
  const auto owned = [](const std::optional<std::string_view>& text) {
    return text ? std::optional<std::string>(*text) : std::nullopt;
  };
  return {owned(message.key), owned(message.value), message.headers, message.written};
}

} // namespace

intake::intake(intake_parts parts) : parts_(std::move(parts)), complaints_(log_refused) {}

void intake::take(const kafka_message& message) {
  const auto value = message.value.value_or(std::string_view());
  item taken{message.partition, message.offset, message.key.value_or("").size() + value.size(), {}};
  if (parts_.letters != nullptr) {
    taken.original = original_of(message);
    taken.bytes = taken.original.bytes();
  }
  if (parts_.options.format == kafka_format::events)
    take_parsed(taken, parse_event_message(value, message.written));
  else
    take_parsed(taken, parse_profile_message(value).map([](const profile_message& read) {
      return write_profile{read.key, python_json(read.items)};
    }));
  bytes_ += taken.bytes;
  items_.push_back(std::move(taken));
}

template<class Parsed>
void intake::take_parsed(item& taken, Parsed parsed) {
  if (parsed)
    taken.what = std::move(*parsed);
  else
    refuse(taken, parsed.error());
}

/// Notes that a message cannot be used.
void intake::refuse(item& of, const bad_message& why) {
  const auto defect = to_string(why.defect);
  complaints_.note(defect, place_of(parts_.options.topic, of.partition, of.offset), why.why);
  if (parts_.letters != nullptr)
    of.what = dead_letter{std::move(of.original), defect, why.why, of.partition, of.offset};
  else
    of.outcome = defect;
}

void intake::report_due() {
  complaints_.report_due();
  if (parts_.letters != nullptr)
    parts_.letters->report_due();
}

result<void> intake::store() {
  auto stored = parts_.options.format == kafka_format::events ? store_events() : store_profiles();
  if (stored)
    stored = post_letters();
  settle();
  return stored;
}

/// Counts the first messages, as far as they are dealt with, and forgets them.
void intake::settle() {
  std::map<std::string_view, std::size_t> outcomes;
  while (!items_.empty() && !items_.front().outcome.empty()) {
    const auto& first = items_.front();
    ++outcomes[first.outcome];
    done_[first.partition] = first.offset + 1;
    bytes_ -= first.bytes;
    items_.pop_front();
  }
  for (const auto& [outcome, count] : outcomes)
    parts_.meters.messages(outcome, count);
}

result<void> intake::post_letters() {
  const auto until = std::chrono::steady_clock::now() + letter_patience;
  while (true) {
    bool all = true;
    for (auto& one : items_)
      if (auto* const letter = std::get_if<dead_letter>(&one.what);
          letter != nullptr && one.outcome.empty()) {
        if (parts_.letters->post(*letter))
          one.outcome = letter->defect;
        all = all && !one.outcome.empty();
      }
    if (all)
      return {};
    if (std::chrono::steady_clock::now() >= until)
      return fail(fault::unavailable,
                  "kafka topic " + parts_.letters->topic() + " does not accept dead letters");
    std::this_thread::sleep_for(letter_check);
  }
}

result<void> intake::store_profiles() {
  std::vector<store_command> commands;
  std::vector<item*> asked;
  for (auto& one : items_)
    if (auto* const profile = std::get_if<write_profile>(&one.what);
        profile != nullptr && one.outcome.empty()) {
      commands.emplace_back(*profile);
      asked.push_back(&one);
    }
  if (commands.empty())
    return {};
  const auto replies = parts_.store.execute(commands);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (replies[i])
      asked[i]->outcome = "stored";
    else if (is_refusal_of_one(replies[i].error().cause))
      refuse(*asked[i], {message_defect::refused, replies[i].error().message});
    else
      return tl::unexpected<error>(
          replies[i].error()); // those behind it are written again, so that the order stays
  }
  return {};
}

result<void> intake::store_events() {
  event_batch batch(parts_.options.history);
  std::vector<std::pair<item*, event_batch::place>> asked;
  for (auto& one : items_)
    if (auto* const event = std::get_if<event_message>(&one.what); event != nullptr && one.outcome.empty())
      asked.emplace_back(&one, batch.add(parts_.newest(event->user_id), *event));
  if (asked.empty())
    return {};
  if (auto stored = batch.store(parts_.store); !stored)
    return stored;
  for (const auto& [one, place] : asked) {
    const auto& outcome = batch.outcome(place);
    if (outcome)
      one->outcome = *outcome;
    else
      refuse(*one, {message_defect::refused, outcome.error().message});
  }
  return {};
}

kafka_positions intake::forget(const std::vector<std::int32_t>& partitions) {
  const auto is_gone = [&](std::int32_t partition) {
    return std::find(partitions.begin(), partitions.end(), partition) != partitions.end();
  };
  std::deque<item> kept;
  for (auto& one : items_)
    if (is_gone(one.partition))
      bytes_ -= one.bytes;
    else
      kept.push_back(std::move(one));
  items_ = std::move(kept);
  kafka_positions positions;
  for (const auto partition : partitions)
    if (const auto found = done_.find(partition); found != done_.end()) {
      positions.insert(*found);
      done_.erase(found);
    }
  return positions;
}

} // namespace winnow
