// What spreadsheets do to tables: a line that names the separator, line ends of old Macintoshes, headers
// above columns that are chosen by their places.
#include "models/training/interactions/item_metadata.hpp"
#include "tests/models/training/interactions/read_table.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

using test::read;
using test::with_columns;

/// The names of the columns of a table of items with the ids x and y.
std::string columns_of(std::string_view table) {
  const test::temp_dir dir;
  row_report report;
  const auto metadata =
      test::need(read_item_metadata(test::put(dir, "items", table), test::ids({"x", "y"}), {}, report));
  std::string names;
  for (const auto& column : metadata.columns)
    names += (names.empty() ? "" : "|") + column;
  return names + " of " + std::to_string(metadata.known);
}

} // namespace

BOOST_AUTO_TEST_SUITE(spreadsheets)

BOOST_AUTO_TEST_CASE(interactions_may_name_their_separator) {
  for (const std::string first : {"sep=;\n", "SEP=;\r\n", "\"sep=;\"\n", "\xEF\xBB\xBFsep=;\n"})
    BOOST_TEST(read(first + "user_id;item_id\na;1,5\n").pairs == "a 1,5", first);
  BOOST_TEST(read("sep=\t\nuser_id\titem_id\na\tx\n").pairs == "a x");
  BOOST_TEST(read("sep=\\t\nuser_id\titem_id\na\tx\n").pairs == "a x");
  BOOST_TEST(read("sep=:\nuser_id:item_id\na:x\n").pairs == "a x");
  BOOST_TEST(read("sep=;\nuser_id,item_id\na,x\n").refusal.find("data:2:1: ") == 0U);
  BOOST_TEST(read("sep=;\n9;x;a\n", with_columns("user=3,item=2")).pairs == "a x");
}

BOOST_AUTO_TEST_CASE(items_may_name_their_separator) {
  BOOST_TEST(columns_of("sep=;\nitem_id;price\nx;1\ny;2\n") == "price of 2");
  BOOST_TEST(columns_of("sep=,\nitem_id,price\nx,1\ny,2\n") == "price of 2");
  BOOST_TEST(columns_of("sep=;\nitem_id;price, net, gross\nx;1\ny;2\n") == "price, net, gross of 2");
}

BOOST_AUTO_TEST_CASE(lines_may_end_as_on_old_macintoshes) {
  BOOST_TEST(read("user_id,item_id\ra,x\rb,y\r").pairs == "a x, b y");
  BOOST_TEST(read("sep=;\ruser_id;item_id\ra;x").pairs == "a x");
  BOOST_TEST(read("0 5 3\r1 5\r").pairs == "0 5@0, 0 3@1, 1 5@2");
  BOOST_TEST(columns_of("item_id,price\rx,1\ry,2\r") == "price of 2");
}

BOOST_AUTO_TEST_CASE(a_header_above_columns_chosen_by_their_places_is_no_row) {
  const auto got = read("user_id,item_id\na,x\nb,y\n", with_columns("user=1,item=2"));
  BOOST_TEST(got.pairs == "a x, b y");
  BOOST_TEST(got.totals == "2 rows read, 2 used");
  BOOST_REQUIRE_EQUAL(got.report.remarks.size(), 1U);
  BOOST_TEST(got.report.remarks[0].find("data: the first line is taken for a header, not for a row") !=
             std::string::npos);
  BOOST_TEST(read("note;User;Item\nz;a;x\n", with_columns("user=2,item=3")).pairs == "a x");
  BOOST_TEST(read("user::item::rating\na::x::5\n", with_columns("user=1,item=2,rating=3")).pairs == "a x");
  const auto rows = read("u1,i1\na,x\n", with_columns("user=1,item=2"));
  BOOST_TEST(rows.pairs == "u1 i1, a x");
  BOOST_TEST(rows.report.remarks.empty());
  BOOST_TEST(read("user_id,7\na,x\n", with_columns("user=1,item=2")).pairs == "user_id 7, a x"); // an id only
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
