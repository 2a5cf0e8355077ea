#include "actors/kafka/message_parser.hpp"
#include "actors/kafka/python_json.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

/// `user|timestamp|items`, or `defect: why`.
std::string read_profile_message(std::string_view payload) {
  const auto read = parse_profile_message(payload);
  if (!read)
    return std::string(to_string(read.error().defect)) + ": " + read.error().why;
  return read->key.user_id + "|" + read->key.timestamp + "|" + python_json(read->items);
}

std::string read_event(std::string_view payload, std::chrono::milliseconds written = 0ms) {
  const auto read = parse_event_message(payload, written);
  if (!read)
    return std::string(to_string(read.error().defect)) + ": " + read.error().why;
  return read->user_id + "|" + read->item_id + "|" + read->action + "|" + std::to_string(read->at.count());
}

std::string defect_of(std::string_view payload) {
  const auto text = read_profile_message(payload);
  return text.substr(0, text.find(':'));
}

} // namespace

BOOST_AUTO_TEST_SUITE(message_parser_suite)

BOOST_AUTO_TEST_CASE(reads_profiles_with_and_without_a_timestamp) {
  BOOST_TEST(
      read_profile_message(
          R"({"user_id": "A2SR", "history_items": ["0764227971", "0990351408"], "timestamp": 1700000000})") ==
      R"(A2SR|1700000000|["0764227971", "0990351408"])");
  BOOST_TEST(read_profile_message(R"({"history_items":["a","a"],"user_id":"u:1/ü"})") ==
             R"(u:1/ü||["a", "a"])");
  BOOST_TEST(read_profile_message(R"({"user_id":"u","history_items":["a"],"timestamp":null})") ==
             R"(u||["a"])");
  BOOST_TEST(read_profile_message(R"({"user_id":"u","history_items":["a"],"timestamp":"1700000000123"})") ==
             R"(u|1700000000123|["a"])");
  // The timestamp of an id that ends like one is the last one.
  BOOST_TEST(
      read_profile_message(R"({"user_id":"u:1600000000","history_items":["a"],"timestamp":1700000000})") ==
      R"(u:1600000000|1700000000|["a"])");
}

BOOST_AUTO_TEST_CASE(takes_numbers_as_written_and_skips_other_fields) {
  BOOST_TEST(read_profile_message(
                 R"({"x":{"user_id":"no","y":[[1]]},"user_id":42,"history_items":[7,1.50,"b"],"z":1})") ==
             R"(42||["7", "1.50", "b"])");
}

BOOST_AUTO_TEST_CASE(the_last_of_equal_fields_counts) {
  BOOST_TEST(read_profile_message(
                 R"({"user_id":"a","history_items":["x",null],"user_id":"b","history_items":["y"]})") ==
             R"(b||["y"])");
}

BOOST_AUTO_TEST_CASE(names_the_defect_of_a_message) {
  BOOST_TEST(read_profile_message("") == "empty: the message has no value");
  BOOST_TEST(defect_of("hello") == "not_json");
  BOOST_TEST(defect_of(R"({"user_id":"u","history_items":["a"]})" + std::string("\0x", 2)) == "not_json");
  BOOST_TEST(defect_of(R"({"user_id":"u","history_items":["a"])") == "not_json");
  BOOST_TEST(defect_of("{\"user_id\":\"\xff\",\"history_items\":[\"a\"]}") == "not_json");
  BOOST_TEST(read_profile_message("[]") == "not_json: expected an object, got an array");
  BOOST_TEST(read_profile_message("7") == "not_json: expected an object, got a text or a number");
  BOOST_TEST(read_profile_message("null") == "not_json: expected an object, got null");
  BOOST_TEST(read_profile_message(R"({"user_id":1e400})") == "not_json: a number beyond 1.8e308 at byte 16");
  BOOST_TEST(defect_of(std::string(200, '[')) == "not_json");
  BOOST_TEST(defect_of("{\"x\":" + std::string(200'000, '[')) == "not_json");
  BOOST_TEST(read_profile_message(R"({"history_items":["a"]})") ==
             "bad_user: user_id: expected a text, got nothing");
  BOOST_TEST(read_profile_message(R"({"user_id":"","history_items":["a"]})") ==
             "bad_user: user_id: expected a text, got an empty one");
  BOOST_TEST(defect_of(R"({"user_id":["u"],"history_items":["a"]})") == "bad_user");
  BOOST_TEST(defect_of(R"({"user_id":"u:1700000000","history_items":["a"]})") == "bad_user");
  BOOST_TEST(read_profile_message(R"({"user_id":"u","history_items":[]})") ==
             "bad_history: history_items: expected at least one item, got none");
  BOOST_TEST(read_profile_message(R"({"user_id":"u"})") ==
             "bad_history: history_items: expected an array of texts, got nothing");
  BOOST_TEST(read_profile_message(R"({"user_id":"u","history_items":"a"})") ==
             "bad_history: history_items: expected an array of texts, got a text");
  BOOST_TEST(read_profile_message(R"({"user_id":"u","history_items":["a",null]})") ==
             "bad_history: history_items: item 1: expected a text, got null");
  BOOST_TEST(defect_of(R"({"user_id":"u","history_items":{"a":"b"}})") == "bad_history");
  BOOST_TEST(read_profile_message(R"({"user_id":"u","history_items":["a"],"timestamp":0})") ==
             "bad_timestamp: timestamp: expected a whole number of 9 to 13 digits, or of 16 that are "
             "microseconds, got 0");
  for (const auto* wrong : {"-1700000000", "1700000000.5", "\"\"", "\"2026-01-01\"", "17000000000000", "true",
                            "\"1:1700000000\""})
    BOOST_TEST(defect_of(R"({"user_id":"u","history_items":["a"],"timestamp":)" + std::string(wrong) + "}") ==
                   "bad_timestamp",
               wrong);
  BOOST_TEST(defect_of(std::string((16u << 20) + 1, ' ')) == "too_large");
}

BOOST_AUTO_TEST_CASE(every_defect_has_a_name) {
  for (const auto defect : all_message_defects)
    BOOST_TEST(to_string(defect) != "unknown");
}

BOOST_AUTO_TEST_CASE(reads_events) {
  BOOST_TEST(read_event(R"({"user_id":"u","item_id":"a","timestamp":1700000000,"action":"buy"})") ==
             "u|a|buy|1700000000000");
  BOOST_TEST(read_event(R"({"user_id":"u","item_id":7,"timestamp":1700000000123})") == "u|7||1700000000123");
  BOOST_TEST(read_event(R"({"user_id":"u","item_id":"a"})", 5ms) == "u|a||5");
  BOOST_TEST(read_event(R"({"user_id":"u","item_id":"a"})") ==
             "bad_timestamp: timestamp: expected one, got none");
  BOOST_TEST(read_event(R"({"user_id":"u","timestamp":1700000000})") ==
             "bad_item: item_id: expected a text, got nothing");
}

// The expected texts are what Python's json.dumps prints.
BOOST_AUTO_TEST_CASE(writes_histories_as_python_does) {
  const std::vector<std::string> texts{"0764227971", "caf\u00e9",          "\U0001F600",
                                       "\"\\/",      "\b\f\n\r\t\x01\x7f", ""};
  BOOST_TEST(python_json(texts) ==
             R"(["0764227971", "caf\u00e9", "\ud83d\ude00", "\"\\/", "\b\f\n\r\t\u0001\u007f", ""])");
  BOOST_TEST(python_json({}) == "[]");
}

BOOST_AUTO_TEST_SUITE_END()
