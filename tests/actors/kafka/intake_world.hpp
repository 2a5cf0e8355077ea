#pragma once

#include "actors/kafka/intake.hpp"
#include "actors/metrics/metrics.hpp"
#include "tests/actors/flaky_store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace winnow::test {

/// A store in which single keys can be refused, or fail as if the server went away in the middle of a
/// pipeline.
class choosy_store final : public profile_store {
public:
  std::vector<store_reply> execute(gsl::span<const store_command> commands) override {
    auto replies = store_.execute(commands);
    bool failing = false;
    for (std::size_t i = 0; i < replies.size(); ++i)
      if (const auto* write = std::get_if<write_profile>(&commands[static_cast<std::ptrdiff_t>(i)])) {
        written.push_back(write->key.user_id + "=" + write->json);
        failing = failing || (write->key.user_id == fails_from);
        if (write->key.user_id == refused)
          replies[i] = fail(fault::too_large, "user_profile:" + refused + " is too large");
        else if (failing && write->key.user_id == fails_from)
          replies[i] = fail(fault::unavailable, "gone");
      }
    return replies;
  }
  result<scan_page> scan(key_family family, std::uint64_t cursor, std::size_t count) override {
    return store_.scan(family, cursor, count);
  }
  result<std::uint64_t> key_count() override { return store_.key_count(); }
  result<void> probe() override { return store_.probe(); }
  store_state state() const override { return store_.state(); }

  std::string refused, fails_from;
  std::vector<std::string> written; ///< In the order of the commands.

private:
  memory_store store_{make_memory_core()};
};

/// A letter as it was sent.
struct sent_letter {
  std::optional<std::string> key, value;
  kafka_headers headers;

  /// The value of a header; nullopt if it is null or missing.
  std::optional<std::string> header(const std::string& name) const {
    for (const auto& one : headers)
      if (one.name == name)
        return one.value;
    return std::nullopt;
  }

  std::string text() const {
    return key.value_or("null") + "|" + value.value_or("null") + "|" + *header("winnow.reason") + "|" +
           *header("winnow.offset");
  }
};

/// Delivers at once, or not.
class fake_producer final : public kafka_producer {
public:
  /// What the broker answers to a message of this size.
  using broker = std::function<delivery_report(std::size_t bytes)>;

  fake_producer(std::vector<sent_letter>& sent, const broker& outcome) : sent_(sent), outcome_(outcome) {}
  result<void> send(const kafka_record& record, delivery done) override {
    const auto owned = [](const auto& text) {
      return text ? std::optional<std::string>(*text) : std::nullopt;
    };
    sent_.push_back({owned(record.key), owned(record.value), record.headers});
    done(outcome_(record.key.value_or("").size() + record.value.value_or("").size() +
                  size_of(record.headers)));
    return {};
  }

private:
  std::vector<sent_letter>& sent_;
  const broker& outcome_;
};

inline delivery_report delivers(std::size_t) {
  return {};
}

inline std::string profile_of(const std::string& user, const std::string& item) {
  return R"({"user_id":")" + user + R"(","history_items":[")" + item + R"("]})";
}

inline std::string event_of(const std::string& user, const std::string& item, int second) {
  return R"({"user_id":")" + user + R"(","item_id":")" + item + R"(","timestamp":)" +
         std::to_string(1'700'000'000 + second) + "}";
}

struct intake_world {
  metrics meters;
  choosy_store store;
  std::vector<sent_letter> letters;
  fake_producer::broker broker = delivers;
  std::optional<dead_letters> box;
  kafka_settings options;
  std::int64_t next = 0; ///< Offset.

  intake make(bool with_letters = false) {
    if (with_letters)
      box.emplace(std::make_unique<fake_producer>(letters, broker), "topic", "dead", meters.kafka);
    return intake({options, store, meters.kafka, box ? &*box : nullptr});
  }

  void take(intake& into, const std::string& value, std::int32_t partition = 0, std::string_view key = {}) {
    into.take({partition, next++, {}, key, value});
  }

  double counted(const std::string& outcome, const std::string& name = "winnow_kafka_messages_total") const {
    for (const auto& family : meters.collect())
      if (family.name == name)
        for (const auto& metric : family.metric)
          if (metric.label[0].value == outcome)
            return metric.counter.value;
    return -1;
  }
};

} // namespace winnow::test
