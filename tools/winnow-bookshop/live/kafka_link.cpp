#include "tools/winnow-bookshop/live/kafka_link.hpp"

#include "http/percent_decoding.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

namespace winnow {

namespace {

constexpr std::string_view scheme = "kafka://";
constexpr std::chrono::seconds patience{5};

// Of erasing the readers.
constexpr int most_passes = 20;
constexpr std::chrono::milliseconds between_passes{500};

/// Counts the messages that Kafka has not confirmed. The reports come on another thread, perhaps after the
/// shop has stopped waiting for them, so they share it.
class deliveries {
public:
  void expect() {
    const std::lock_guard lock(mutex_);
    ++waiting_;
  }

  void report(bool delivered) {
    const std::lock_guard lock(mutex_);
    --waiting_;
    lost_ += delivered ? 0 : 1;
    if (waiting_ == 0)
      done_.notify_all();
  }

  result<void> wait(const std::string& address) {
    std::unique_lock lock(mutex_);
    done_.wait_for(lock, patience, [this] { return waiting_ == 0; });
    if (waiting_ == 0 && lost_ == 0)
      return {};
    return fail(fault::unavailable, address + ": " + std::to_string(waiting_ + lost_) +
                                        " messages were not confirmed within " +
                                        std::to_string(patience.count()) + " s");
  }

private:
  std::mutex mutex_;
  std::condition_variable done_;
  std::size_t waiting_ = 0, lost_ = 0;
};

result<void> take_parameter(const std::string& name, const std::string& value, kafka_address& into) {
  if (name != "format") {
    into.kafka.options.emplace_back(name, value);
    return {};
  }
  if (value != "profiles" && value != "events")
    return fail(fault::invalid_argument, "format: expected profiles or events, got " + value);
  into.format = value == "events" ? kafka_format::events : kafka_format::profiles;
  return {};
}

} // namespace

result<kafka_address> parse_kafka_address(std::string_view text) {
  kafka_address parsed;
  if (text.substr(0, scheme.size()) != scheme)
    return fail(fault::invalid_argument, "expected kafka://host:port/topic, got " + std::string(text));
  std::string rest(text.substr(scheme.size()));
  if (const auto query = rest.find('?'); query != std::string::npos) {
    http::name_values parameters;
    if (!http::split_query(std::string_view(rest).substr(query + 1), parameters))
      return fail(fault::malformed, "malformed percent-encoding in " + std::string(text));
    for (const auto& [name, value] : parameters)
      if (auto taken = take_parameter(name, value, parsed); !taken)
        return tl::unexpected<error>(taken.error());
    rest.resize(query);
  }
  const auto slash = std::min(rest.find('/'), rest.size());
  parsed.kafka.brokers = rest.substr(0, slash);
  if (slash + 1 < rest.size())
    parsed.kafka.topic = rest.substr(slash + 1);
  if (parsed.kafka.brokers.empty() || parsed.kafka.topic.find('/') != std::string::npos)
    return fail(fault::invalid_argument, "expected kafka://host:port/topic, got " + std::string(text));
  return parsed;
}

kafka_link::kafka_link(const kafka_address& where, service_address service,
                       std::unique_ptr<kafka_producer> producer)
    : format_(where.format), address_(std::string(scheme) + where.kafka.brokers + "/" + where.kafka.topic),
      service_(std::move(service)), producer_(std::move(producer)) {}

result<std::unique_ptr<shop_link>> kafka_link::open(const kafka_address& where, service_address service) {
  auto producer = kafka_producer::make(where.kafka, where.kafka.topic);
  if (!producer)
    return tl::unexpected<error>(producer.error());
  return std::unique_ptr<shop_link>(new kafka_link(where, std::move(service), std::move(*producer)));
}

result<std::vector<std::optional<item_ids>>> kafka_link::read_profiles(gsl::span<const std::string> readers) {
  auto stored = service_.read_profiles(readers);
  if (!stored && stored.error().cause == fault::unsupported)
    return std::vector<std::optional<item_ids>>(readers.size());
  if (stored)
    for (std::size_t at = 0; at < readers.size(); ++at)
      if ((*stored)[at] && !(*stored)[at]->empty())
        last_sent_[readers[at]] = (*stored)[at]->back();
  return stored;
}

result<void> kafka_link::write_profiles(gsl::span<const reader_profile> profiles) {
  const auto waiting = std::make_shared<deliveries>();
  for (const auto& profile : profiles)
    for (const auto& message : messages_of(profile)) {
      waiting->expect();
      auto sent = producer_->send({profile.reader, message},
                                  [waiting](bool delivered) { waiting->report(delivered); });
      if (!sent)
        return fail(address_, sent.error());
    }
  if (auto confirmed = waiting->wait(address_); !confirmed)
    return confirmed;
  for (const auto& [reader, books] : profiles)
    if (!books.empty())
      last_sent_[reader] = books.back();
  return {};
}

/// A profile is one message; events are those that follow the newest one that was confirmed.
std::vector<std::string> kafka_link::messages_of(const reader_profile& profile) {
  const auto& [reader, books] = profile;
  if (format_ == kafka_format::profiles) {
    if (books.empty())
      return {}; // no message says so: the profile begins with its first book
    return {nlohmann::json{{"user_id", reader}, {"history_items", books}}.dump()};
  }
  const auto known = last_sent_.find(reader);
  auto first = books.begin();
  if (known != last_sent_.end()) {
    const auto sent = std::find(books.begin(), books.end(), known->second);
    first = sent == books.end() ? books.begin() : sent + 1;
  }
  std::vector<std::string> events;
  for (; first != books.end(); ++first)
    events.push_back(
        nlohmann::json{{"user_id", reader}, {"item_id", *first}, {"timestamp", next_instant().count()}}
            .dump());
  return events;
}

/// Now, but later than the event before: equal instants would say nothing about the order.
std::chrono::milliseconds kafka_link::next_instant() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  last_instant_ = std::max(now, last_instant_ + std::chrono::milliseconds(1));
  return last_instant_;
}

result<void> kafka_link::forget(gsl::span<const std::string> readers) {
  for (int pass = 0; pass < most_passes; ++pass) {
    const auto erased = service_.erase_users(readers);
    if (!erased)
      return tl::unexpected<error>(erased.error());
    if (*erased == 0)
      return {};
    std::this_thread::sleep_for(between_passes);
  }
  return fail(fault::timeout, address_ + ": profiles keep coming back, as messages for them are still read");
}

} // namespace winnow
