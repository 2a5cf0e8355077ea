// What one replica is told reaches all, on a real server.

#include "redis/fleet/fleet_channel.hpp"
#include "store_settings_for.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace winnow::test;

namespace {

template<class Value>
Value value_of(result<Value> outcome) {
  BOOST_REQUIRE_MESSAGE(outcome.has_value(), (outcome ? std::string() : outcome.error().message));
  return std::move(*outcome);
}

struct told_fixture {
  fleet_state beat(fleet_channel& who) const {
    fleet_report report;
    report.models = "v1";
    report.rules = "r1";
    report.learned = "l1";
    return value_of(who.beat(report, {}));
  }

  void tell(fleet_channel& who, std::vector<fleet_value> values) const {
    BOOST_REQUIRE(who.tell(values).has_value());
  }

  /// As if it was overwritten by somebody.
  void overwrite(const std::string& key) const {
    server.call({"DEL", key});
    server.call({"SET", key, "text"});
  }

  redis_server server;
  fleet_channel a{settings_for(server), "shop", "a"}, b{settings_for(server), "shop", "b"};
};

const std::string values_key = "winnow:fleet:{shop}:values";
const std::string told_key = "winnow:fleet:{shop}:told";
const std::string news_key = "winnow:fleet:{shop}:news";
const std::string erased_key = "winnow:fleet:{shop}:erased";
const std::string members_key = "winnow:fleet:{shop}:members";
const std::string versions_key = "winnow:fleet:{shop}:versions";

fleet_value price(std::int64_t time, std::string text) {
  return {R"(["i","price"])", R"(["i"])", time, std::move(text)};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(fleet_told_suite, told_fixture)

BOOST_AUTO_TEST_CASE(others_hear_what_one_was_told) {
  BOOST_TEST(beat(b).told == 0u);
  tell(a, {price(4, "0")});
  const auto before = beat(b).told;
  tell(a, {price(5, "1"), {R"(["j","title"])", R"(["j"])", 6, R"("a b")"}});
  BOOST_TEST(beat(b).told == before + 2);
  const auto news = value_of(b.news_after(before, 100));
  BOOST_TEST(!news.has_gap);
  BOOST_TEST(news.told == before + 2);
  BOOST_REQUIRE(news.values.size() == 2u);
  BOOST_TEST((news.values[0] == price(5, "1")));
  BOOST_TEST(news.values[1].text == R"("a b")");
  BOOST_TEST(value_of(b.news_after(news.told, 100)).values.empty());
  BOOST_TEST(value_of(b.all_values()).size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_was_said_together_is_told_in_one_piece) {
  constexpr int of_one_page = 250;
  const auto is_told_in = [&](int pieces, bool at_one_time) {
    std::vector<fleet_value> values;
    for (int i = 0; i < of_one_page + 1; ++i)
      values.push_back({std::to_string(i), R"(["i"])", at_one_time ? 7 : i, "1"});
    server.call({"CONFIG", "RESETSTAT"});
    tell(a, values);
    const auto calls = "cmdstat_eval:calls=" + std::to_string(pieces) + ",";
    return server.call({"INFO", "commandstats"}).find(calls) != std::string::npos;
  };
  BOOST_TEST(is_told_in(2, false));
  BOOST_TEST(is_told_in(1, true));
}

BOOST_AUTO_TEST_CASE(the_later_value_holds_in_whatever_order_they_are_told) {
  tell(a, {price(7, "2")});
  const auto before = beat(a).told;
  tell(b, {price(5, "1"), price(7, "1")}); // later, and as late but less
  BOOST_TEST(beat(a).told == before);
  tell(b, {price(7, "3")});
  const auto all = value_of(a.all_values());
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_TEST((all[0] == price(7, "3")));
}

BOOST_AUTO_TEST_CASE(a_value_is_refused_if_its_group_was_told_later) {
  tell(a, {{R"(["i"])", {}, 8, "null"}});
  tell(b, {price(8, "1"), price(7, "1")});
  BOOST_TEST(value_of(a.all_values()).size() == 1u);
  tell(b, {price(9, "1")});
  BOOST_TEST(value_of(a.all_values()).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_gap_is_seen_if_the_store_no_longer_keeps_all_news) {
  tell(a, {price(1, "1"), price(2, "2"), price(3, "3")});
  server.call({"XTRIM", news_key, "MAXLEN", "1"});
  const auto last = beat(b).told;
  BOOST_TEST(value_of(b.news_after(last - 3, 100)).has_gap);
  BOOST_TEST(!value_of(b.news_after(last - 1, 100)).has_gap);
}

BOOST_AUTO_TEST_CASE(values_that_are_lost_alone_are_noticed_by_all) {
  tell(a, {price(1, "1")});
  server.call({"SET", told_key, "1"}); // as earlier versions counted
  BOOST_TEST(beat(b).told == 1u);
  server.call({"DEL", values_key});
  BOOST_TEST(beat(a).told == 0u);
  tell(a, {price(1, "1")});
  BOOST_TEST(beat(b).told > 1u);
}

BOOST_AUTO_TEST_CASE(values_that_are_lost_are_noticed_though_others_are_told_at_once) {
  tell(a, {price(1, "1")});
  server.call({"SET", told_key, "1"});
  server.call({"DEL", values_key});
  tell(a, {{R"(["j","price"])", R"(["j"])", 3, "3"}});
  BOOST_TEST(beat(b).told > 2u);
  BOOST_TEST(value_of(b.news_after(1, 100)).has_gap);
}

BOOST_AUTO_TEST_CASE(keys_of_another_type_are_made_again) {
  for (const auto& key : {values_key, told_key, news_key, erased_key, members_key, versions_key}) {
    tell(a, {price(1, "1")});
    beat(a);
    overwrite(key);
    BOOST_TEST(beat(a).peers.size() >= 1u, key);
    tell(a, {price(1, "1"), price(2, "2")});
    BOOST_REQUIRE_MESSAGE(a.tell_erased("ann").has_value(), key);
    BOOST_TEST(value_of(b.all_values()).size() == 1u, key);
    const auto last = beat(b).told;
    BOOST_TEST(value_of(b.news_after(last - 1, 100)).values.size() == 1u, key);
    BOOST_TEST(!beat(b).erased.empty(), key);
    BOOST_TEST(beat(b).peers.size() == 2u, key);
    server.call({"FLUSHALL"});
  }
}

BOOST_AUTO_TEST_CASE(a_count_that_is_no_count_begins_anew) {
  for (const auto* text : {"", "abc", "-1", "99999999999999999999"}) {
    server.call({"SET", told_key, text});
    BOOST_TEST(beat(a).told == 0u, text);
    tell(a, {{text, {}, 1, "1"}});
    BOOST_TEST(beat(a).told > 0u, text);
  }
}

BOOST_AUTO_TEST_CASE(a_value_that_cannot_be_read_is_replaced) {
  server.call({"HSET", values_key, R"(["i","price"])", "rubbish"});
  tell(a, {price(1, "1")});
  BOOST_TEST((value_of(a.all_values()).at(0) == price(1, "1")));
}

BOOST_AUTO_TEST_CASE(erasures_are_heard_once_and_kept_for_a_day) {
  BOOST_TEST(beat(b).erased.empty());
  BOOST_REQUIRE(a.tell_erased("ann").has_value());
  BOOST_REQUIRE(a.tell_erased("ben").has_value());
  const auto seen = beat(b).erased;
  const auto erased = value_of(b.erased_after({}));
  BOOST_REQUIRE(erased.size() == 2u);
  BOOST_TEST(erased[1].user_id == "ben");
  BOOST_TEST(erased[1].id == seen);
  BOOST_TEST(value_of(b.erased_after(erased[0].id)).size() == 1u);
  server.call({"XADD", "winnow:fleet:{other}:erased", "1-1", "u", "old"});
  fleet_channel other(settings_for(server), "other", "a");
  const auto fence = beat(other).fence;
  BOOST_REQUIRE(other.trim(fence, std::chrono::milliseconds(0)).has_value());
  BOOST_TEST(value_of(other.erased_after({})).empty());
  value_of(a.trim(beat(a).fence, std::chrono::milliseconds(0)));
  BOOST_TEST(value_of(b.erased_after({})).size() == 2u);
}

BOOST_AUTO_TEST_CASE(replicas_see_each_others_rules_and_what_they_learned) {
  beat(a);
  for (const auto& peer : beat(b).peers) {
    BOOST_TEST(peer.report.rules == "r1");
    BOOST_TEST(peer.report.learned == "l1");
  }
}

BOOST_AUTO_TEST_SUITE_END()
