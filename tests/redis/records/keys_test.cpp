#include "redis/records/keys.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <unordered_set>

using namespace winnow;

namespace {

struct named_key {
  const char* redis_key;
  const char* user_id;
  const char* timestamp;
};

std::ostream& operator<<(std::ostream& out, const named_key& sample) {
  return out << sample.redis_key;
}

const named_key keys[] = {
    {"user_profile:A2SRVEKZS33OGN", "A2SRVEKZS33OGN", ""},
    {"user_profile:A2SRVEKZS33OGN:1700000000", "A2SRVEKZS33OGN", "1700000000"},
    {"user_profile:u:123456789", "u", "123456789"},
    {"user_profile:u:1234567890123", "u", "1234567890123"},
    {"user_profile:u:12345678", "u:12345678", ""},
    {"user_profile:u:12345678901234", "u:12345678901234", ""},
    {"user_profile:u:1764330000000001", "u", "1764330000000001"},
    {"user_profile:u:0978307200000000", "u", "0978307200000000"},
    {"user_profile:u:0978307199999999", "u:0978307199999999", ""}, // microseconds before 2001
    {"user_profile:u:4102444799999999", "u", "4102444799999999"},
    {"user_profile:u:4102444800000000", "u:4102444800000000", ""}, // microseconds from 2100 on
    {"user_profile:u:176433000000000", "u:176433000000000", ""},
    {"user_profile:u:17643300000000010", "u:17643300000000010", ""},
    {"user_profile:u:176433000000000x", "u:176433000000000x", ""},
    {"user_profile:u:170000000x", "u:170000000x", ""},
    {"user_profile:u:-1700000000", "u:-1700000000", ""},
    {"user_profile:1234567890", "1234567890", ""},
    {"user_profile:1234567890:1700000000", "1234567890", "1700000000"},
    {"user_profile::1700000000", ":1700000000", ""},
    {"user_profile:::1700000000", ":", "1700000000"},
    {"user_profile:a:b:1700000000", "a:b", "1700000000"},
    {"user_profile:a:1700000000:1700000001", "a:1700000000", "1700000001"},
    {"user_profile:a/b c?d", "a/b c?d", ""},
    {"user_profile:Jürgen 😀:1700000000", "Jürgen 😀", "1700000000"},
    {"user_profile:\xff\xfe", "\xff\xfe", ""},
    {"user_profile:u:", "u:", ""},
    {"user_profile:*", "*", ""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(keys_suite)

BOOST_DATA_TEST_CASE(parses_a_profile_key, boost::unit_test::data::make(keys)) {
  const auto key = parse_profile_key(sample.redis_key);
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(key->user_id == sample.user_id);
  BOOST_TEST(key->timestamp == sample.timestamp);
}

BOOST_DATA_TEST_CASE(prints_a_profile_key, boost::unit_test::data::make(keys)) {
  BOOST_TEST(to_redis_key({sample.user_id, sample.timestamp}) == sample.redis_key);
}

BOOST_AUTO_TEST_CASE(finds_no_profile_in_other_keys) {
  for (const auto* key : {"", "user_profile", "user_profile:", "recommendations:u", "xuser_profile:u",
                          "USER_PROFILE:u", " user_profile:u"})
    BOOST_TEST(!parse_profile_key(key).has_value(), key);
}

BOOST_AUTO_TEST_CASE(compares_timestamps_as_instants) {
  const auto at = [](const char* timestamp) { return profile_key{"u", timestamp}; };
  BOOST_TEST(is_newer(at("1700000001"), at("1700000000")));
  BOOST_TEST(!is_newer(at("1700000000"), at("1700000001")));
  BOOST_TEST(is_newer(at("1700000000"), at("999999999")));
  BOOST_TEST(!is_newer(at("999999999"), at("1700000000")));
  BOOST_TEST(is_newer(at("1700000000"), at("0999999999999"))); // milliseconds, in 2001
  BOOST_TEST(is_newer(at("1764330001"), at("1764330000000")));
  BOOST_TEST(is_newer(at("1764330000001"), at("1764330000")));
  BOOST_TEST(!is_newer(at("1764330000"), at("1764330000000")));
  BOOST_TEST(!is_newer(at("1764330000000"), at("1764330000")));
  BOOST_TEST(is_newer(at("1764330000000001"), at("1764330000000"))); // microseconds
  BOOST_TEST(is_newer(at("1764330000000001"), at("1764330000")));
  BOOST_TEST(is_newer(at("1764330001"), at("1764330000999999")));
  BOOST_TEST(is_newer(at("1764330000001"), at("1764330000000999")));
  BOOST_TEST(!is_newer(at("1764330000000000"), at("1764330000000")));
  BOOST_TEST(!is_newer(at("0000000001"), at("000000001")));
  BOOST_TEST(!is_newer(at("000000001"), at("0000000001")));
}

BOOST_AUTO_TEST_CASE(tells_when_a_profile_was_written) {
  for (const auto* timestamp : {"1764330000", "1764330000000", "1764330000000999"})
    BOOST_TEST(written_at({"u", timestamp}).value().count() == 1'764'330'000'000, timestamp);
  BOOST_TEST(!written_at({"u", ""}).has_value());
}

BOOST_AUTO_TEST_CASE(any_timestamp_is_newer_than_none) {
  BOOST_TEST(is_newer({"u", "000000000"}, {"u", ""}));
  BOOST_TEST(!is_newer({"u", ""}, {"u", "000000000"}));
  BOOST_TEST(!is_newer({"u", ""}, {"u", ""}));
}

BOOST_AUTO_TEST_CASE(names_the_keys_of_lists) {
  BOOST_TEST(recommendations_key("a:b") == "recommendations:a:b");
  BOOST_TEST(recommendation_result_key("a:b", "1700000000") == "recommendation_result:a:b:1700000000");
  BOOST_TEST(list_key({"a:b", ""}) == "recommendations:a:b");
  BOOST_TEST(list_key({"a:b", "1700000000"}) == "recommendation_result:a:b:1700000000");
}

BOOST_DATA_TEST_CASE(an_id_that_a_client_names_means_what_it_means_in_a_key,
                     boost::unit_test::data::make(keys)) {
  const std::string prefix = "user_profile:";
  const auto named = named_profile(sample.redis_key + prefix.size());
  BOOST_TEST(named.user_id == sample.user_id);
  BOOST_TEST(named.timestamp == sample.timestamp);
}

BOOST_AUTO_TEST_CASE(distinguishes_keys_in_hashed_containers) {
  const std::unordered_set<profile_key> set{{"u", ""}, {"u", "1700000000"}, {"v", ""}, {"u", ""}};
  BOOST_TEST(set.size() == 3U);
}

BOOST_AUTO_TEST_CASE(finds_the_profile_of_a_result) {
  const auto key = parse_result_key("recommendation_result:a:b:1700000000");
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST((*key == profile_key{"a:b", "1700000000"}));
  for (const auto* other : {"", "recommendation_result:a", "recommendation_result:1700000000",
                            "user_profile:a:1700000000", "recommendations:a:1700000000"})
    BOOST_TEST(!parse_result_key(other).has_value(), other);
}

BOOST_AUTO_TEST_SUITE_END()
