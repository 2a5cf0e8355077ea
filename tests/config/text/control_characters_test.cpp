#include "config/text/control_characters.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace winnow;

BOOST_AUTO_TEST_SUITE(control_characters_suite)

BOOST_AUTO_TEST_CASE(controls_are_those_of_ascii_and_of_latin_1) {
  for (const char c : {'\0', '\t', '\n', '\x1B', '\x1F', '\x7F'})
    BOOST_TEST(control_at_front(std::string(1, c) + "a") == 1u, int{c});
  for (const char* text : {"\xC2\x80", "\xC2\x9B", "\xC2\x9F"})
    BOOST_TEST(control_at_front(text) == 2u, text);
  for (const char* text : {"", " ", "~", "\xC2", "\xC2\xA0", "\xC3\x80",
                           "\xC2"
                           "a",
                           "\x9B", "\xE2\x80\xAE"})
    BOOST_TEST(control_at_front(text) == 0u, text);
}

BOOST_AUTO_TEST_CASE(directions_are_embeddings_and_isolates) {
  for (const char* text : {"\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9"})
    BOOST_TEST(direction_at_front(text) == 3u, text);
  for (const char* text : {"", "a", "\xE2", "\xE2\x80", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\xA5",
                           "\xE2\x81\xAA", "\xE2*\xAA", "\xE2\x80*", "\xE3\x80\xAA"})
    BOOST_TEST(direction_at_front(text) == 0u, text);
}

BOOST_AUTO_TEST_CASE(a_text_has_a_control_wherever_it_stands) {
  for (const char* text : {"\n", "a\t",
                           "\x7F"
                           "b",
                           "\xC3\xBC\xC2\x85"})
    BOOST_TEST(has_control(text), text);
  for (const char* text : {"", "a b", "\xC3\xBC", "\xC3\x82\xC2\xA0", "\xE2\x80\xAE"})
    BOOST_TEST(!has_control(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
