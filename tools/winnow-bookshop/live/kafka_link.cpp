#include "tools/winnow-bookshop/live/kafka_link.hpp"

#include "http/percent_decoding.hpp"
#include "tools/winnow-bookshop/live/redis_link.hpp"

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

result<void> take_store(const std::string& value, kafka_address& into) {
  auto parsed = parse_store_address(value);
  if (!parsed)
    return fail("store", parsed.error());
  if (is_embedded(*parsed))
    return fail(fault::invalid_argument, "store: expected the address of a Redis server, got " + value);
  into.store = std::move(*parsed);
  return {};
}

result<void> take_parameter(const std::string& name, const std::string& value, kafka_address& into) {
  if (name == "store")
    return take_store(value, into);
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

kafka_link::kafka_link(const kafka_address& where, service_address service, std::unique_ptr<shop_link> store,
                       std::unique_ptr<kafka_producer> producer)
    : format_(where.format), address_(std::string(scheme) + where.kafka.brokers + "/" + where.kafka.topic),
      service_(std::move(service)), store_(std::move(store)), producer_(std::move(producer)) {}

result<std::unique_ptr<shop_link>> kafka_link::open(const kafka_address& where, service_address service) {
  auto producer = kafka_producer::make(where.kafka, where.kafka.topic);
  if (!producer)
    return tl::unexpected<error>(producer.error());
  std::unique_ptr<shop_link> store;
  if (where.store) {
    auto opened = redis_link::open(*where.store);
    if (!opened)
      return opened;
    store = std::move(*opened);
  }
  return std::unique_ptr<shop_link>(
      new kafka_link(where, std::move(service), std::move(store), std::move(*producer)));
}

result<std::vector<std::optional<item_ids>>> kafka_link::read_profiles(gsl::span<const std::string> readers) {
  auto stored = store_ ? store_->read_profiles(readers) : service_.read_profiles(readers);
  if (!store_ && !stored && stored.error().cause == fault::unsupported)
    return look_for_lists(readers);
  if (stored && format_ == kafka_format::events)
    for (std::size_t at = 0; at < readers.size(); ++at)
      if ((*stored)[at])
        events_.has(readers[at], *(*stored)[at]);
  return stored;
}

result<std::vector<std::optional<item_ids>>>
kafka_link::look_for_lists(gsl::span<const std::string> readers) {
  for (const auto& reader : readers) {
    if (ours_.count(reader) > 0)
      continue; // messages of this run have brought the list
    const auto list = read_list(reader);
    if (!list)
      return tl::unexpected<error>(list.error());
    if (!*list)
      continue;
    if (format_ == kafka_format::profiles)
      return fail(fault::unsupported,
                  address_ + ": " + reader + " has a list, and a message would replace the " +
                      "profile, which " + service_.address() +
                      " does not tell, because its store is not embedded: add " +
                      "store=redis://host:port/db, where the profiles are, to the address");
    events_.has_some(reader);
  }
  return std::vector<std::optional<item_ids>>(readers.size());
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
      ours_.insert(profile.reader);
    }
  if (auto confirmed = waiting->wait(address_); !confirmed)
    return confirmed;
  if (format_ == kafka_format::events)
    for (const auto& profile : profiles)
      events_.confirmed(profile);
  return {};
}

std::vector<std::string> kafka_link::messages_of(const reader_profile& profile) {
  if (format_ == kafka_format::events)
    return events_.of(profile);
  const auto& [reader, books] = profile;
  if (books.empty())
    return {}; // no message says so: the profile begins with its first book
  return {nlohmann::json{{"user_id", reader}, {"history_items", books}}.dump()};
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
