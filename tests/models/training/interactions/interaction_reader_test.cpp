#include "models/training/interactions/interaction_reader.hpp"

#include "support/shared_data.hpp"
#include "tests/models/training/files.hpp"

#include <boost/test/unit_test.hpp>
#include <zlib.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// Shows each pair as `user item` or, if there are times, `user item@time`.
std::string shown(const interaction_log& log) {
  std::string text;
  for (const auto& event : log.events) {
    text += text.empty() ? "" : ", ";
    text += std::string(log.users[event.user]) + " " + std::string(log.items[event.item]);
    if (log.has_times)
      text += "@" + std::to_string(event.time);
  }
  return text;
}

/// Reads a file with this content and shows its pairs.
std::string read(std::string_view content, const reading_options& options = {}) {
  const test::temp_dir dir;
  row_report report;
  return shown(test::need(read_interactions(test::put(dir, "data", content), options, report)));
}

/// The error message for a file that cannot be read, without the directory.
std::string refusal(std::string_view content, const reading_options& options = {}) {
  const test::temp_dir dir;
  row_report report;
  const auto log = read_interactions(test::put(dir, "data", content), options, report);
  BOOST_REQUIRE(!log);
  return log.error().message.substr(dir.path().size() + 1);
}

std::string shown(const item_lists& lists, std::size_t user, const id_table& items) {
  std::string text;
  for (const auto item : lists.of(user))
    text += (text.empty() ? "" : " ") + std::string(items[item]);
  return text;
}

std::string packed(std::string_view content) {
  const test::temp_dir dir;
  const auto name = dir.path() + "/packed";
  auto* file = gzopen(name.c_str(), "wb");
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
  return test::bytes_of(name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(interaction_reader_suite)

BOOST_AUTO_TEST_CASE(interactions_of_the_same_time_keep_the_order_of_the_file_or_have_that_of_the_ids) {
  const std::string_view basket = "user_id,item_id,timestamp\nu,c,7\nu,b,7\nv,a,7\nu,a,9\nu,d,5\n";
  BOOST_CHECK_EQUAL(read(basket), "u d@5, u c@7, u b@7, v a@7, u a@9");
  reading_options by_item;
  by_item.ties = tie_order::item;
  BOOST_CHECK_EQUAL(read(basket, by_item), "u d@5, v a@7, u b@7, u c@7, u a@9");
  BOOST_CHECK_EQUAL(read("u c b a\n", by_item), "u c@0, u b@1, u a@2"); // lists have an order, and no times
}

BOOST_AUTO_TEST_CASE(reads_columns_by_their_names) {
  BOOST_TEST(read("user_id,item_id\nanna,0764227971\nben,0990351408\n") == "anna 0764227971, ben 0990351408");
  BOOST_TEST(read("timestamp,price,item_id,user_id\n20,9.5,i1,anna\n10,,\"i,2\",\"be\"\"n\"\n") ==
             "be\"n i,2@10, anna i1@20");
  BOOST_TEST(read("userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n") == "1 31@1260759144");
  BOOST_TEST(read("\"User-ID\";\"ISBN\";\"Book-Rating\"\n\"276725\";\"034545104X\";\"0\"\n") ==
             "276725 034545104X");
}

BOOST_AUTO_TEST_CASE(reads_tabs_and_recbole_headers) {
  BOOST_TEST(read("user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\t8\t3\t8.7e8\n") ==
             "7 8@870000000");
  BOOST_TEST(read("item_id\tuser_id\n\"x\ty\"z\n") == "y\"z \"x");
}

BOOST_AUTO_TEST_CASE(reads_pairs_without_a_header) {
  BOOST_TEST(read("424\t4076\t993\n1311\t1574\t957\n") == "424 4076, 1311 1574");
  BOOST_TEST(read("a\tb\nc\td\n") == "a b, c d");
  BOOST_TEST(read("196\t242\t3\t881250949\n186\t302\t3\t891717742\n") ==
             "196 242@881250949, 186 302@891717742");
  BOOST_TEST(read("1::1074638::7::1365029107\n2::1853728::8::1366576639\n") ==
             "1 1074638@1365029107, 2 1853728@1366576639");
}

BOOST_AUTO_TEST_CASE(reads_lists_of_items) {
  BOOST_TEST(read("0 5 3\n1 5\n2\n 3  4 \r\n") == "0 5@0, 0 3@1, 1 5@2, 3 4@3");
}

BOOST_AUTO_TEST_CASE(reads_gzip_and_directories) {
  BOOST_TEST(read(packed("user_id,item_id\na,b\n")) == "a b");
  BOOST_TEST(read(packed("a\tb\n") + packed("c\td\n")) == "a b, c d");
  const test::temp_dir dir;
  test::put(dir, "lightgcn_data.csv", "user_id,item_id\na,b\n");
  row_report report;
  BOOST_TEST(shown(test::need(read_interactions(dir.path(), {}, report))) == "a b");
  fs::remove(dir.path() + "/lightgcn_data.csv");
  test::put(dir, "lightgcn_data.csv.gz", packed("user_id,item_id\nc,d\n"));
  BOOST_TEST(shown(test::need(read_interactions(dir.path(), {}, report))) == "c d");
}

BOOST_AUTO_TEST_CASE(refuses_damaged_gzip) {
  std::string rows = "user_id,item_id\n";
  for (int i = 0; i < 1000; ++i)
    rows += std::to_string(i * 7919 % 1009) + "," + std::to_string(i) + "\n";
  const auto whole = packed(rows);
  BOOST_TEST(refusal(whole.substr(0, whole.size() / 2)).find("data: damaged gzip: ") == 0U);
  auto flipped = whole;
  flipped[whole.size() / 2] ^= 0x55;
  BOOST_TEST(refusal(flipped).find("data: damaged gzip: ") == 0U);
}

BOOST_AUTO_TEST_CASE(sorts_by_time_and_keeps_the_file_order_of_equal_times) {
  BOOST_TEST(read("user_id,item_id,timestamp\na,x,30\na,y,10\nb,z,10\na,w,2001-09-09\n") ==
             "a y@10, b z@10, a x@30, a w@999993600");
}

BOOST_AUTO_TEST_CASE(keeps_the_first_of_each_pair) {
  const test::temp_dir dir;
  row_report report;
  const auto log = test::need(read_interactions(
      test::put(dir, "data", "user_id,item_id,timestamp\na,x,30\nb,x,20\na,x,10\na,y,5\na,x,40\n"), {},
      report));
  BOOST_TEST(shown(log) == "a y@5, a x@10, b x@20");
  BOOST_TEST(report.rows == 5U);
  BOOST_TEST(report.duplicates == 2U);
  BOOST_TEST(report.refused == 0U);
  BOOST_TEST(report.totals() == "5 rows read, 3 used; left out: 2 repeated");
}

BOOST_AUTO_TEST_CASE(totals_of_lists_count_rows_as_rows_and_items_as_items) {
  const auto totals = [](std::string_view content) {
    const test::temp_dir dir;
    row_report report;
    test::need(read_interactions(test::put(dir, "data", content), {}, report));
    return report.totals();
  };
  BOOST_TEST(totals("0 5 5 3\n1 6 6 6\n2 4\n") == "3 rows read, 3 used; left out: 3 repeated items in lists");
  BOOST_TEST(totals("0 5\n1 5\n0 5\n1 6\n0 5\n") == "5 rows read, 3 used; left out: 2 repeated");
  BOOST_TEST(totals("0 5 6\n1\n2 7 7\n") ==
             "3 rows read, 2 used; left out: 1 without an item, 1 repeated items in lists");
  const test::temp_dir dir; // the same of the files of a split, whose counts are added up
  test::put(dir, "train.txt", "0 5 5 3\n1\n0 5 3\n");
  test::put(dir, "test.txt", "0 9 9 9\n1 5\n");
  row_report report;
  test::need(read_split(dir.path(), {}, report));
  BOOST_TEST(report.totals() ==
             "5 rows read, 3 used; left out: 1 repeated, 1 without an item, 3 repeated items in lists");
  BOOST_TEST(report.left_anything_out());
}

BOOST_AUTO_TEST_CASE(counts_and_names_bad_rows) {
  const test::temp_dir dir;
  const auto file = test::put(dir, "data",
                              "user_id,item_id,rating,timestamp\na,x,5,1\na,x\n,y,5,2\na,,5,3\na,z,many,4\n"
                              "a,v,5,today\na,\"b\"c,5,5\na,w,5,6\n");
  row_report report;
  const auto log = test::need(read_interactions(file, {}, report));
  BOOST_TEST(shown(log) == "a x@1, a w@6");
  BOOST_TEST(log.items.size() == 2U);
  BOOST_TEST(report.rows == 8U);
  BOOST_TEST(report.refused == 6U);
  std::vector<std::string> expected = {
      ":3:1: expected 4 fields, got 2",
      ":4:1: expected a user's id, got \"\"",
      ":5:3: expected an item's id, got \"\"",
      ":6:5: expected a rating, got \"many\"",
      ":7:7: expected a time (Unix or ISO 8601), got \"today\"",
      ":8:6: expected a comma or the line's end after a closing quote",
  };
  for (auto& message : expected)
    message.insert(0, file.string());
  BOOST_TEST(report.complaints == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(loses_one_row_to_a_stray_quote) {
  BOOST_TEST(read("user_id,item_id\na,x\nb,\"y\nc,z\nd,w\n") == "a x, c z, d w");
  BOOST_TEST(read("user_id,item_id\na,x\nb,\"y\nc,z\nd,\"w\n") == "a x, c z");
}

BOOST_AUTO_TEST_CASE(names_ten_bad_rows_and_counts_all) {
  const test::temp_dir dir;
  std::string content = "user_id,item_id\na,b\n";
  for (int i = 0; i < 50; ++i)
    content += "broken\n";
  row_report report;
  test::need(read_interactions(test::put(dir, "data", content), {}, report));
  BOOST_TEST(report.refused == 50U);
  BOOST_TEST(report.complaints.size() == 10U);
}

BOOST_AUTO_TEST_CASE(fails_at_the_first_bad_row_if_strict) {
  reading_options strict;
  strict.strict = true;
  BOOST_TEST(refusal("user_id,item_id\na,x\nb\nc\n", strict) == "data:3:1: expected 2 fields, got 1");
  BOOST_TEST(refusal("1::2::3::4\n1::2::x::4\n", strict) == "data:2:7: expected a rating, got \"x\"");
}

BOOST_AUTO_TEST_CASE(leaves_out_low_ratings) {
  const test::temp_dir dir;
  reading_options options;
  options.least_rating = 6;
  row_report report;
  const auto log = test::need(read_interactions(
      test::put(dir, "data", "user_id,item_id,rating\na,x,5.9\na,y,6\nb,z,-1\n"), options, report));
  BOOST_TEST(shown(log) == "a y");
  BOOST_TEST(log.users.size() == 1U);
  BOOST_TEST(report.below == 2U);
}

BOOST_AUTO_TEST_CASE(refuses_input_without_interactions) {
  BOOST_TEST(refusal("") == "data:1:1: expected interactions, got an empty file");
  BOOST_TEST(
      refusal("a,b\n1,2\n") ==
      "data:1:1: expected a header with the columns user_id and item_id, or --columns user=…,item=… with "
      "their names or places, got \"a,b\"");
  BOOST_TEST(refusal("user_id,item_id\n") == "data: expected interactions, got none (0 rows read, 0 used)");
  const auto message = refusal("user_id,item_id\nx\n");
  BOOST_TEST(message.find("got none (1 rows read, 0 used; left out: 1 with another number of fields)") !=
                 std::string::npos,
             message);
  BOOST_TEST(message.find("data:2:1: expected 2 fields, got 1") != std::string::npos, message);
  row_report report;
  const auto none = read_interactions("/nowhere/data.csv", {}, report);
  BOOST_REQUIRE(!none);
  BOOST_TEST((none.error().cause == fault::not_found));
}

BOOST_AUTO_TEST_CASE(reads_a_split_with_ids_that_training_lacks) {
  const test::temp_dir dir;
  test::put(dir, "train.txt", "0 5 3\n1 5\n");
  test::put(dir, "valid.txt", "0 9\n");
  test::put(dir, "test.txt", "1 7\n8 3\n");
  row_report report;
  const auto split = test::need(read_split(dir.path(), {}, report));
  BOOST_TEST(split.users.size() == 3U);
  BOOST_TEST(split.items.size() == 4U);
  BOOST_TEST(split.has_times);
  BOOST_TEST(shown(split.train, 0, split.items) == "5 3");
  BOOST_TEST(shown(split.valid, 0, split.items) == "9");
  BOOST_TEST(shown(split.test, 1, split.items) == "7");
  BOOST_TEST(shown(split.test, 2, split.items) == "3");
  BOOST_TEST(split.train.of(2).empty());
  BOOST_TEST(report.rows == 5U);
}

BOOST_AUTO_TEST_CASE(reads_a_split_in_parts_and_without_validation) {
  const test::temp_dir dir;
  test::put(dir, "train.part1.txt", "0\t5\t900\n1\t5\t1\n");
  test::put(dir, "train.part2.txt", "0\t6\t3\n0\t5\t1\n");
  test::put(dir, "test.txt", "1\t6\t2\n");
  row_report report;
  const auto split = test::need(read_split(dir.path(), {}, report));
  BOOST_TEST(!split.has_times);
  BOOST_TEST(shown(split.train, 0, split.items) == "5 6");
  BOOST_TEST(split.valid.size() == 0U);
  BOOST_TEST(split.valid.users() == 2U);
  BOOST_TEST(shown(split.test, 1, split.items) == "6");
  BOOST_TEST(report.duplicates == 1U);
}

BOOST_AUTO_TEST_CASE(refuses_a_split_without_training) {
  const test::temp_dir dir;
  row_report report;
  const auto split = read_split(dir.path(), {}, report);
  BOOST_REQUIRE(!split);
  BOOST_TEST((split.error().cause == fault::not_found));
}

BOOST_AUTO_TEST_CASE(a_split_may_have_any_ids_and_empty_parts) {
  const test::temp_dir dir;
  test::put(dir, "train.txt", "0 85123 3\n1 85123A\n");
  test::put(dir, "valid.txt", "");
  test::put(dir, "test.txt", "\n\n");
  row_report report;
  const auto split = test::need(read_split(dir.path(), {}, report));
  BOOST_TEST(shown(split.train, 1, split.items) == "85123A");
  BOOST_TEST(split.valid.size() + split.test.size() == 0U);
  BOOST_TEST(report.totals() == "2 rows read, 2 used");
}

BOOST_AUTO_TEST_CASE(reads_the_shared_data_sets, *boost::unit_test::precondition(test::has_shared_data)) {
  const auto folder = *test::shared_data();
  const auto check = [&folder](const char* name, std::size_t users, std::size_t items, std::size_t train,
                               std::size_t test) {
    row_report report;
    const auto split = test::need(read_split(folder / name, {}, report));
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(split.users.size() == users);
      BOOST_TEST(split.items.size() == items);
      BOOST_TEST(split.train.size() == train);
      BOOST_TEST(split.test.size() == test);
      BOOST_TEST(report.refused == 0U);
      BOOST_TEST(report.duplicates == 0U);
    }
  };
  check("lastfm", 1880, 4489, 42135, 10533);
  check("gowalla", 29858, 40981, 810128, 217242);
  check("movietweetings/loo", 3919, 2052, 47988, 3919);
  row_report report;
  const auto log = test::need(read_interactions(folder / "movietweetings" / "ratings.dat", {}, report));
  BOOST_TEST(log.has_times);
  BOOST_TEST(report.rows == 100000U);
  BOOST_TEST(report.refused == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
