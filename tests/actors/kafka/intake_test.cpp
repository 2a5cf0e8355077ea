#include "actors/kafka/intake.hpp"
#include "actors/metrics/metrics.hpp"
#include "tests/actors/flaky_store.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;

namespace {

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

/// Delivers at once, or not.
class fake_producer final : public kafka_producer {
public:
  explicit fake_producer(std::vector<std::string>& sent, const bool& works) : sent_(sent), works_(works) {}
  result<void> send(const kafka_record& record, delivery done) override {
    sent_.push_back(std::string(record.key) + "|" + std::string(record.value) + "|" +
                    record.headers[0].second + "|" + record.headers[4].second);
    done(works_);
    return {};
  }

private:
  std::vector<std::string>& sent_;
  const bool& works_;
};

std::string profile_of(const std::string& user, const std::string& item) {
  return R"({"user_id":")" + user + R"(","history_items":[")" + item + R"("]})";
}

std::string event_of(const std::string& user, const std::string& item, int second) {
  return R"({"user_id":")" + user + R"(","item_id":")" + item + R"(","timestamp":)" +
         std::to_string(1'700'000'000 + second) + "}";
}

struct world {
  metrics meters;
  choosy_store store;
  std::vector<std::string> letters;
  bool letters_work = true;
  std::optional<dead_letters> box;
  kafka_settings options;
  std::int64_t next = 0; ///< Offset.

  intake make(bool with_letters = false) {
    if (with_letters)
      box.emplace(std::make_unique<fake_producer>(letters, letters_work), "topic", "dead", meters.kafka);
    return intake({options, store, meters.kafka, box ? &*box : nullptr});
  }

  void take(intake& into, const std::string& value, std::int32_t partition = 0, std::string_view key = {}) {
    into.take({partition, next++, {}, key, value});
  }

  double counted(const std::string& outcome) const {
    for (const auto& family : meters.collect())
      if (family.name == "winnow_kafka_messages_total")
        for (const auto& metric : family.metric)
          if (metric.label[0].value == outcome)
            return metric.counter.value;
    return -1;
  }
};

bool operator==(const kafka_positions& a, const std::vector<std::pair<int, int>>& b) {
  return a == kafka_positions(b.begin(), b.end());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(intake_suite, world)

BOOST_AUTO_TEST_CASE(writes_what_it_takes_and_then_knows_what_to_commit) {
  auto in = make();
  take(in, profile_of("a", "1"), 0);
  take(in, profile_of("b", "2"), 3);
  take(in, R"({"user_id":"a","history_items":["3","4"],"timestamp":1700000000})", 0);
  BOOST_TEST(in.waiting() == 3u);
  BOOST_TEST(in.bytes() > 0u);
  BOOST_TEST(in.take_done().empty());
  BOOST_REQUIRE(in.store());
  BOOST_TEST(in.waiting() == 0u);
  BOOST_TEST(in.bytes() == 0u);
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 3}, {3, 2}}));
  BOOST_TEST(in.take_done().empty());
  const store_command read = read_profile{{"a", "1700000000"}};
  BOOST_TEST(*store.execute({&read, 1})[0]->value == R"(["3", "4"])");
  BOOST_TEST(counted("stored") == 3);
}

BOOST_AUTO_TEST_CASE(after_a_failure_everything_behind_it_is_written_again) {
  auto in = make();
  take(in, profile_of("a", "1"));
  take(in, profile_of("b", "1"));
  take(in, profile_of("a", "2"));
  take(in, profile_of("b", "2"));
  store.fails_from = "b";
  const auto failed = in.store();
  BOOST_REQUIRE(!failed);
  BOOST_TEST((failed.error().cause == fault::unavailable));
  BOOST_TEST(in.waiting() == 3u);
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 1}}));
  store.fails_from = {};
  store.written.clear();
  BOOST_REQUIRE(in.store());
  BOOST_TEST(store.written == (std::vector<std::string>{R"(b=["1"])", R"(a=["2"])", R"(b=["2"])"}),
             boost::test_tools::per_element());
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 4}}));
  BOOST_TEST(counted("stored") == 4);
}

BOOST_AUTO_TEST_CASE(messages_that_cannot_be_used_are_counted_and_passed) {
  auto in = make();
  take(in, "poison");
  take(in, profile_of("a", "1"));
  take(in, "");
  take(in, profile_of("b", "1"));
  store.refused = "b";
  BOOST_REQUIRE(in.store());
  BOOST_TEST(in.waiting() == 0u);
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 4}}));
  BOOST_TEST(counted("not_json") == 1);
  BOOST_TEST(counted("empty") == 1);
  BOOST_TEST(counted("refused") == 1);
  BOOST_TEST(counted("stored") == 1);
}

BOOST_AUTO_TEST_CASE(every_defect_is_counted_from_the_start) {
  for (const auto defect : all_message_defects)
    BOOST_TEST(counted(std::string(to_string(defect))) == 0, to_string(defect));
}

BOOST_AUTO_TEST_CASE(unusable_messages_go_to_their_topic_before_they_count_as_read) {
  auto in = make(true);
  letters_work = false;
  take(in, profile_of("a", "1"));
  take(in, "poison", 2, "key");
  take(in, profile_of("b", "1"));
  store.refused = "b";
  BOOST_REQUIRE(!in.store());
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 1}}));
  letters_work = true;
  letters.clear();
  BOOST_REQUIRE(in.store());
  BOOST_TEST(letters == (std::vector<std::string>{"key|poison|not_json|1",
                                                  "|" + profile_of("b", "1") + "|refused|2"}),
             boost::test_tools::per_element());
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 3}, {2, 2}}));
  BOOST_TEST(counted("not_json") == 1);
}

BOOST_AUTO_TEST_CASE(forgets_what_belongs_to_another_member_now) {
  auto in = make();
  take(in, profile_of("a", "1"), 0);
  take(in, profile_of("b", "1"), 1);
  BOOST_REQUIRE(in.store());
  take(in, profile_of("a", "2"), 0);
  take(in, profile_of("b", "2"), 1);
  BOOST_TEST((in.forget({1}) == std::vector<std::pair<int, int>>{{1, 2}}));
  store.written.clear();
  BOOST_REQUIRE(in.store());
  BOOST_TEST(store.written == std::vector<std::string>{R"(a=["2"])"}, boost::test_tools::per_element());
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 3}}));
  BOOST_TEST(in.forget({0, 1}).empty());
}

BOOST_AUTO_TEST_CASE(events_of_a_user_become_one_write) {
  options.format = kafka_format::events;
  auto in = make();
  take(in, event_of("u", "b", 2));
  take(in, event_of("v", "x", 1));
  take(in, event_of("u", "a", 1));
  take(in, event_of("u", "b", 2));
  BOOST_REQUIRE(in.store());
  BOOST_TEST(store.written == (std::vector<std::string>{R"(u=["a", "b"])", R"(v=["x"])"}),
             boost::test_tools::per_element());
  BOOST_TEST(counted("stored") == 3);
  BOOST_TEST(counted("known") == 1);
  store.written.clear();
  take(in, event_of("u", "a", 1)); // as after a crash
  BOOST_REQUIRE(in.store());
  BOOST_TEST(store.written.empty());
  BOOST_TEST(counted("known") == 2);
}

BOOST_AUTO_TEST_CASE(events_are_added_again_after_a_failure) {
  options.format = kafka_format::events;
  auto in = make();
  take(in, event_of("u", "a", 1));
  take(in, event_of("v", "x", 1));
  store.fails_from = "v";
  BOOST_REQUIRE(!in.store());
  BOOST_TEST(in.waiting() == 2u);
  BOOST_TEST(in.take_done().empty());
  store.fails_from = {};
  BOOST_REQUIRE(in.store());
  const store_command read = read_profile{{"u", {}}};
  BOOST_TEST(*store.execute({&read, 1})[0]->value == R"(["a"])");
  BOOST_TEST((in.take_done() == std::vector<std::pair<int, int>>{{0, 2}}));
}

BOOST_AUTO_TEST_SUITE_END()
