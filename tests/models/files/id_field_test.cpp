#include "models/files/id_field.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace winnow;

namespace {

/// What is wrong with the second field of the second record, without the name of the file.
std::string flaw_in(const std::string& text) {
  const winnow::test::temp_dir directory;
  const auto file = directory.path() + "/ids.csv";
  std::ofstream(file) << text;
  auto reader = csv_reader::open(file).value();
  BOOST_REQUIRE(reader.next().value());
  BOOST_REQUIRE(reader.next().value());
  const auto checked = check_id_field(reader, 1, "a user's id");
  return checked ? std::string() : checked.error().message.substr(file.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(id_field)

BOOST_AUTO_TEST_CASE(every_control_character_counts) {
  for (char control = 1; control < 0x20; ++control)
    BOOST_TEST(has_any_control(std::string("a") + control), int{control});
  BOOST_TEST(has_any_control("\x7F"));
  for (const auto* id : {"", "a b", "~", "\xC3\xA9", "日本"})
    BOOST_TEST(!has_any_control(id), id);
}

BOOST_AUTO_TEST_CASE(blanks_of_all_kinds_are_blank) {
  for (const auto* id : {"", " ", "\t", " \t ", "\xC2\xA0", "\xE3\x80\x80 "})
    BOOST_TEST(is_blank(id), id);
  for (const auto* id : {"a", " a ", "0", "日本"})
    BOOST_TEST(!is_blank(id), id);
}

BOOST_AUTO_TEST_CASE(ids_of_items_are_neither_blank_nor_damaged) {
  for (const auto* id : {"", " ", "\n", "a\tb", "\x7F"})
    BOOST_TEST(!is_item_id(id), id);
  for (const auto* id : {"a", " a b ", "null"})
    BOOST_TEST(is_item_id(id), id);
}

BOOST_AUTO_TEST_CASE(a_flaw_is_named_with_its_place) {
  BOOST_TEST(flaw_in("n,id\n1,a\n") == "");
  BOOST_TEST(flaw_in("n,id\n1,\n") == ":2:3: expected a user's id, got \"\"");
  BOOST_TEST(flaw_in("n,id\n\"x\ny\",\"a\r\nb\"\n") ==
             ":3:4: expected a user's id without control characters, got \"a\\r\\nb\"");
}

BOOST_AUTO_TEST_SUITE_END()
