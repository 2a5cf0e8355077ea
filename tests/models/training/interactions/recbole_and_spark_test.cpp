// Files of RecBole and Spark as they write them.
#include "models/training/interactions/item_metadata.hpp"
#include "models/training/interactions/item_table_writer.hpp"
#include "tests/models/training/interactions/read_table.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>

namespace winnow {

namespace {

using test::ids;
using test::read;
using test::with_columns;

/// Reads the items' metadata and copies their table.
item_metadata copied(const std::filesystem::path& from, const id_table& items, row_report& report,
                     const std::filesystem::path& to) {
  auto into = test::need(item_table_writer::create(to));
  auto metadata = test::need(read_item_metadata(from, items, {}, report, &into));
  BOOST_REQUIRE(into.close(from));
  return metadata;
}

} // namespace

BOOST_AUTO_TEST_SUITE(recbole_and_spark)

BOOST_AUTO_TEST_CASE(sessions_of_recbole_are_users) {
  BOOST_TEST(read("session_id:token\titem_id:token\ttimestamp:float\ns\tx\t2\ns\ty\t1\n").pairs ==
             "s y@1, s x@2");
  BOOST_TEST(read("session_id:token\tuser_id:token\titem_id:token\ns\ta\tx\n").pairs == "a x");
}

BOOST_AUTO_TEST_CASE(a_header_of_recbole_is_no_row) {
  const auto wanted =
      std::string("data:1:1: expected a header with the columns user_id and item_id, or --columns"
                  " user=…,item=… with their names or places, got \"");
  BOOST_TEST(read("who:token\titem_id:token\ttimestamp:float\na\tx\t1\n").refusal ==
             wanted + "who:token\\titem_id:token\\ttimestamp:float\"");
  BOOST_TEST(read("who:token item_id:token\na x\n").refusal == wanted + "who:token item_id:token\"");
  BOOST_TEST(read("who:token\titem_id:token\na\tx\n", with_columns("user=who")).pairs == "a x");
  BOOST_TEST(read("who:token\tit:token\na\tx\n", with_columns("user=1,item=2")).pairs == "a x");
}

BOOST_AUTO_TEST_CASE(lists_of_recbole_come_before_their_item) {
  // Each row of a session has the list of the one before it, and one item more, in any order of the rows.
  const std::string header = "session_id:token\titem_id_list:token_seq\titem_id:token\n";
  const auto got = read(header + "s\tx\ty\ns\tx y\tz\nt\tz  x\ty\n");
  BOOST_TEST(got.pairs == "s x@0, s y@1, s z@2, t z@3, t x@4, t y@5");
  BOOST_TEST(got.totals == "3 rows read, 3 used");
  BOOST_TEST(read(header + "s\tx y\tz\ns\tx\ty\n").pairs == "s x@0, s y@1, s z@2");
  BOOST_TEST(read(header + "s\t\ty\ns\ty\t\n").totals ==
             "2 rows read, 1 used; left out: 1 without an item's id");
  BOOST_TEST(read("user_id:token\titem_id_list:token_seq\ttimestamp:float\na\tx y\t7\n").pairs ==
             "a x@7, a y@7");
  BOOST_TEST(read("user_id:token\titem_id:token_seq\na\tx y\n").pairs == "a x@0, a y@1");
  BOOST_TEST(
      read("u:token\tsku_list:token_seq\tsku:token\na\tx\ty\n", with_columns("user=u,item=sku")).pairs ==
      "a x@0, a y@1");
}

BOOST_AUTO_TEST_CASE(sequences_of_recbole_are_several_values) {
  const test::temp_dir dir;
  id_table items;
  std::string table = "item_id:token\tclass:token_seq\tsize:token_seq\n";
  for (int i = 0; i < 12; ++i) {
    items.insert(std::to_string(i));
    table += std::to_string(i) + "\t" + (i % 2 == 0 ? "Action Comedy" : "Drama  Action") + "\t" +
             std::to_string(i % 2) + "\n";
  }
  const auto file = test::put(dir, "shop.item", table);
  row_report report;
  const auto copy = dir.path() + "/items.csv";
  const auto metadata = copied(file, items, report, copy);
  BOOST_TEST(metadata.describe() == "class multi-hot (3), size multi-hot (2)");
  BOOST_TEST(metadata.columns[0] == "class=Action");
  BOOST_TEST(test::bytes_of(copy).find("item_id,class,size\n0,Action|Comedy,0\n1,Drama|Action,1\n") == 0U);
}

BOOST_AUTO_TEST_CASE(reads_items_that_spark_writes) {
  const test::temp_dir dir;
  test::put(dir, "part-00000.csv", "");
  test::put(dir, "part-00001.csv", "item_id,title,year\nx,\"The \\\"Red\\\" Book, again\",1999\n");
  test::put(dir, "part-00002.csv", "item_id,title,year\ny,\"ends \\\"\",2001\n");
  const auto items = ids({"x", "y"});
  row_report report;
  BOOST_TEST(copied(dir.path(), items, report, dir.path() + "/items.csv").known == 2U);
  BOOST_TEST(report.totals() == "2 rows read, 2 used");
  BOOST_TEST(test::bytes_of(dir.path() + "/items.csv") ==
             "item_id,title,year\nx,\"The \"\"Red\"\" Book, again\",1999\ny,\"ends \"\"\",2001\n");
}

BOOST_AUTO_TEST_CASE(a_copy_of_the_items_is_no_newer_than_they_are) {
  const test::temp_dir dir;
  const auto older = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
  const auto newer = older + std::chrono::hours(24);
  std::filesystem::last_write_time(test::put(dir, "part-00000.csv", "item_id,year\nx,1999\n"), newer);
  std::filesystem::last_write_time(test::put(dir, "part-00001.csv", "item_id,year\ny,2001\n"), older);
  const auto copy = dir.path() + "/items.csv";
  row_report report;
  BOOST_TEST(copied(dir.path(), ids({"x"}), report, copy).known == 1U);
  BOOST_TEST((std::filesystem::last_write_time(copy) == newer));
}

BOOST_AUTO_TEST_CASE(items_without_a_usable_row_are_refused) {
  const test::temp_dir dir;
  const auto items = ids({"x"});
  row_report report;
  const auto refusal = [&](std::string_view content) {
    const auto read = read_item_metadata(test::put(dir, "items", content), items, {}, report);
    return read ? std::string("none") : read.error().message.substr(dir.path().size() + 1);
  };
  BOOST_TEST(
      refusal("item_id,year\nx\n") ==
      "items: expected rows of items of the interactions, got none (1 rows read, 0 used; left out: 1 with "
      "another number of fields); first error: " +
          dir.path() + "/items:2:1: expected 2 fields, got 1");
  BOOST_TEST(refusal("item_id,year\nz,1\n") ==
             "items: expected rows of items of the interactions, got none (1 "
             "rows read, 0 used; left out: 1 of other items)");
  BOOST_TEST(refusal("item_id,year\n").find("(0 rows read, 0 used)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(items_without_a_header_are_noticed) {
  const test::temp_dir dir;
  row_report report;
  const auto items = ids({"x", "y"});
  BOOST_TEST(test::need(read_item_metadata(test::put(dir, "a", "x,1\ny,2\n"), items, {}, report)).known ==
             1U);
  BOOST_REQUIRE_EQUAL(report.remarks.size(), 1U);
  BOOST_TEST(report.remarks[0].find("the first row is taken for the header") == 0U);
}

BOOST_AUTO_TEST_CASE(json_is_named) {
  BOOST_TEST(read("{\"user_id\":\"a\",\"item_id\":\"x\"}\n").refusal ==
             "data:1:1: expected a table as text (CSV), got JSON; Spark writes CSV with df.write.csv");
  const test::temp_dir dir;
  row_report report;
  const auto refused =
      read_item_metadata(test::put(dir, "a", "{\"item_id\":\"x\",\"year\":1}\n"), ids({"x"}), {}, report);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message.find("got JSON") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
