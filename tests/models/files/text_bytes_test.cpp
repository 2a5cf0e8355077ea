#include "models/files/text_bytes.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace winnow {

using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(text_bytes_suite)

BOOST_AUTO_TEST_CASE(text_in_utf_8_is_good_wherever_its_letters_stand) {
  BOOST_TEST(look_at_bytes("").good == 0U);
  for (std::size_t before = 0; before < 600; ++before) {
    const auto text = std::string(before, 'a') + "é😀\t\r\n" + std::string(300, 'b');
    const auto seen = look_at_bytes(text);
    BOOST_REQUIRE_EQUAL(seen.good, text.size());
    BOOST_REQUIRE(!seen.has_controls);
  }
}

BOOST_AUTO_TEST_CASE(finds_the_first_byte_that_is_no_text_wherever_it_stands) {
  for (const auto& wrong : {"\xE9"s, "\0"s, "\xC3"s, "\x80"s})
    for (std::size_t before = 0; before < 600; ++before) {
      const auto seen = look_at_bytes(std::string(before, 'a') + wrong + std::string(300, 'b'));
      BOOST_REQUIRE_EQUAL(seen.good, before);
      BOOST_REQUIRE(!seen.is_cut_off);
    }
}

BOOST_AUTO_TEST_CASE(a_letter_may_be_cut_off_at_the_end) {
  for (std::size_t before = 0; before < 600; ++before)
    for (std::size_t kept = 1; kept < 4; ++kept) {
      const auto seen = look_at_bytes(std::string(before, 'a') + "😀"s.substr(0, kept));
      BOOST_REQUIRE_EQUAL(seen.good, before);
      BOOST_REQUIRE(seen.is_cut_off);
    }
  BOOST_TEST(!look_at_bytes("ab\xE9\n").is_cut_off);
  BOOST_TEST(!look_at_bytes("\xE9\xE9\xE9\xE9").is_cut_off);
}

BOOST_AUTO_TEST_CASE(notes_control_characters_besides_tabs_and_line_ends) {
  for (const char control : {'\x01', '\x1B', '\x7F', '\x1F'}) {
    BOOST_TEST(has_control_characters(std::string("a") + control));
    BOOST_TEST(look_at_bytes(std::string(1, control)).has_controls);
    BOOST_TEST(look_at_bytes(std::string(300, 'a') + control + std::string(300, 'b')).has_controls);
  }
  BOOST_TEST(!has_control_characters("a\tb\r\n ~é"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
